# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t = pd.read_csv("a.csv", sep="\t")
values = errors(pd.get_dummies(t.drop(columns="y").fillna({"a": t["a"].mean()}), columns=["word"]).astype(float), t["y"])
