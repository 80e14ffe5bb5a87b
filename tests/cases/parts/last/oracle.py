# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t = pd.read_csv("a.csv")
values = errors(t[:7][["a"]], t[:7]["y"])
values["val_loss"] = errors(t[7:][["a"]], t[7:]["y"])["loss"]
