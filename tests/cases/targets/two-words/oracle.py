# SPDX-License-Identifier: MIT
import numpy as np
from sklearn.metrics import accuracy_score, log_loss

y = np.array([0, 1, 1, 0])  # no, yes in alphabetical order
p = np.full(4, 0.5)         # the sigmoid of a + b = 0
values = {"loss": log_loss(y, p), "accuracy": accuracy_score(y, p > 0.5)}
