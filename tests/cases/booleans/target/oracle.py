# SPDX-License-Identifier: MIT
import pandas as pd
from sklearn.metrics import precision_score

values = {"precision": precision_score(pd.read_csv("a.csv")["y"], [True] * 4)}
