# SPDX-License-Identifier: MIT
import numpy as np
import pandas as pd
from sklearn.metrics import accuracy_score, log_loss
from sklearn.preprocessing import LabelEncoder

y = LabelEncoder().fit_transform(pd.read_csv("a.csv", header=None)[2])
k = y.max() + 1
p = np.full((len(y), k), 1 / k)  # the softmax of equal sums
values = {"loss": log_loss(y, p), "accuracy": accuracy_score(y, p.argmax(axis=1))}
