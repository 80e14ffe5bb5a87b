# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t = pd.read_csv("a.csv", sep=";").dropna()
values = errors(pd.get_dummies(t.drop(columns="y")).astype(float), t["y"])
