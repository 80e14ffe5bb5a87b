# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t = pd.read_csv("a.csv")
values = errors(pd.get_dummies(t.drop(columns="y"), columns=["code"]).astype(float), t["y"])
