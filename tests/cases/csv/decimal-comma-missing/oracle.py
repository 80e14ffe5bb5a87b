# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t = pd.read_csv("a.csv", sep=";", decimal=",")
t = t.dropna()
values = errors(pd.get_dummies(t.drop(columns="y")).reindex(columns=["a", "w_p", "w_q"], fill_value=0).astype(float), t["y"])
