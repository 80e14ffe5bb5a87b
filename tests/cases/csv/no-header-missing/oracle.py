# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t = pd.read_csv("a.csv", header=None, na_values="?")
values = errors(pd.get_dummies(t[[0, 1]].fillna({0: t[0].mean()})).astype(float), t[2])
