# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t = pd.read_csv("a.csv", encoding="latin-1")
values = errors(pd.get_dummies(t.drop(columns="preis")).astype(float), t["preis"])
values["names"] = " ".join(t.columns)
