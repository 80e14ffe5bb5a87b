# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t = pd.read_csv("a.csv", skipinitialspace=True).rename(columns=str.strip)
t["w"] = t["w"].str.strip()
values = errors(pd.get_dummies(t.drop(columns="y")).astype(float), t["y"])
