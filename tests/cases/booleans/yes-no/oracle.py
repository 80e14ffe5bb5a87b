# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t = pd.read_csv("a.csv", sep=";", true_values=["yes", "Yes"], false_values=["no", "No"])
t["a"] = t["a"].astype(float)
values = errors(t.drop(columns="y"), t["y"])
