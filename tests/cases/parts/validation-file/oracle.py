# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t, v = pd.read_csv("a.csv"), pd.read_csv("v.csv")
values = errors(t[["a", "b"]], t["y"])
values["val_loss"] = errors(v[["a", "b"]], v["y"])["loss"]
