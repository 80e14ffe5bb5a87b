# SPDX-License-Identifier: MIT
import numpy as np
import pandas as pd
from sklearn import metrics

t = pd.read_csv("a.csv")

y = t["y"] == "yes"
p = t["a"] > 0  # the sigmoid is above 1/2
values = {"precision": None, "recall": metrics.recall_score(y, p), "f1_score": metrics.f1_score(y, p)}
