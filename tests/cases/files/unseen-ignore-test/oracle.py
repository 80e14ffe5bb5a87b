# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t, v = pd.read_csv("a.csv"), pd.read_csv("v.csv")
v = pd.DataFrame({"a": v["a"], "b": v["b"], "w_p": v["w"] == "p", "w_q": v["w"] == "q", "y": v["y"]}).astype(float)
values = errors(pd.get_dummies(t.drop(columns="y")).astype(float), t["y"])
values["test loss"] = errors(v.drop(columns="y"), v["y"])["loss"]
