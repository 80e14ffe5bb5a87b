# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t = pd.read_csv("a.csv", true_values=["true", "TRUE"], false_values=["False", "false"])
t["a"] = t["a"].astype(float)
values = errors(t.drop(columns="y"), t["y"])
