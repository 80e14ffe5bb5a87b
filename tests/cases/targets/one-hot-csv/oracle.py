# SPDX-License-Identifier: MIT
import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, log_loss

y = pd.read_csv("a.csv")[["y0", "y1", "y2"]].to_numpy().argmax(axis=1)
p = np.full((5, 3), 1 / 3)
values = {"loss": log_loss(y, p), "categorical_accuracy": accuracy_score(y, p.argmax(axis=1))}
