# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t = pd.read_csv("a.csv", sep=";")
from sklearn.preprocessing import MinMaxScaler

t["at"] = (pd.to_datetime(t["at"], utc=True, format="ISO8601") - pd.Timestamp(0, tz="UTC")).dt.total_seconds()
values = errors(MinMaxScaler().fit_transform(t[["a", "at"]]), t["y"])
