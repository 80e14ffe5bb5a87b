# SPDX-License-Identifier: MIT
import numpy as np
import pandas as pd
from ones import errors
from sklearn.metrics import mean_absolute_error, r2_score

t = pd.read_csv("a.csv")
p = np.expm1(t["a"] + t["b"])
values = {"loss": errors(t[["a", "b"]], np.log1p(t["y"]))["loss"], "mae": mean_absolute_error(t["y"], p), "r2_score": r2_score(t["y"], p)}
