# SPDX-License-Identifier: MIT
import numpy as np
from sklearn.datasets import load_svmlight_file
from sklearn.metrics import log_loss, precision_score

x, y = load_svmlight_file("a.svm")
p = 1 / (1 + np.exp(-x.toarray().sum(axis=1)))
values = {"loss": log_loss(y > 0, p), "precision": precision_score(y > 0, p > 0.5)}
