# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t = pd.read_csv("a.csv", sep=";")
from sklearn.preprocessing import StandardScaler

t["day"] = (pd.to_datetime(t["day"], format="%Y/%m/%d") - pd.Timestamp(0)).dt.total_seconds()
t["at"] = pd.to_timedelta(["09:30:00", "23:59:59.5", "00:00:01"]).total_seconds()
values = errors(StandardScaler().fit_transform(t[["day", "at"]]), t["y"])
