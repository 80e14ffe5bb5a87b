# SPDX-License-Identifier: MIT
import numpy as np
from sklearn.metrics import accuracy_score, log_loss

labels = np.load("y.npy").astype(str).reshape(-1)
classes, y = np.unique(labels, return_inverse=True)
p = np.full((len(y), len(classes)), 1 / len(classes))
values = {"loss": log_loss(y, p), "accuracy": accuracy_score(y, p.argmax(axis=1)), "classes": " ".join(classes)}
