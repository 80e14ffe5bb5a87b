# SPDX-License-Identifier: MIT
import pandas as pd
from sklearn.metrics import precision_score

y = pd.read_csv("a.csv")["y"] == "no"
values = {"precision": precision_score(y, [True] * 4)}  # the sigmoid of a is above 1/2
