# SPDX-License-Identifier: MIT
import numpy as np
import pandas as pd
from ones import errors
from sklearn.preprocessing import StandardScaler

t = pd.read_csv("a.csv")
words = pd.get_dummies(t["word"]).astype(float)
values = errors(np.hstack([StandardScaler().fit_transform(t[["a"]]), words]), t["y"])
