# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t = pd.read_csv("a.csv")
from sklearn.preprocessing import StandardScaler

t["day"] = (pd.to_datetime(t["day"]) - pd.Timestamp(0)).dt.total_seconds()
values = errors(StandardScaler().fit_transform(t[["day", "a"]]), t["y"])
