# SPDX-License-Identifier: MIT
import numpy as np
import pandas as pd
from sklearn import metrics

t = pd.read_csv("a.csv")

v = t[3:]
values = {"val_recall": None, "val_auc": None, "val_precision": metrics.precision_score(v["y"] == "yes", v["a"] > 0),
          "recall": metrics.recall_score(t["y"][:3] == "yes", t["a"][:3] > 0)}
