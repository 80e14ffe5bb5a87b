# SPDX-License-Identifier: MIT
import numpy as np
import pandas as pd
from sklearn.metrics import log_loss

t = pd.read_csv("a.csv", sep=";")
x = t.drop(columns="y").sum(axis=1)
values = {"loss": log_loss(t["y"] == "r", 1 / (1 + np.exp(-x))), "names": " ".join(t.columns)}
