# SPDX-License-Identifier: MIT
import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, f1_score

y = pd.read_csv("a.csv")[["y0", "y1", "y2"]].to_numpy().argmax(axis=1)
p = np.zeros(5)  # of equal outputs the first
values = {"accuracy": accuracy_score(y, p), "f1_score": f1_score(y, p, average="macro", zero_division=0)}
