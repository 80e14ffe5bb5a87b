# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors
from sklearn.preprocessing import StandardScaler

t = pd.read_csv("a.csv")
values = errors(StandardScaler().fit_transform(t.drop(columns="y")), t["y"])
