# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t = pd.read_csv("a.csv")
values = errors(pd.get_dummies(t[["a", "word"]], columns=["word"]).astype(float), pd.get_dummies(t["y"]))
