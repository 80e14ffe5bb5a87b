# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors
from sklearn.preprocessing import StandardScaler

t = pd.read_csv("a.csv")
train, validation = t[:4], t[4:]
scaler = StandardScaler().fit(train[["a"]])
values = errors(scaler.transform(train[["a"]]), train["y"])
values["val_loss"] = errors(scaler.transform(validation[["a"]]), validation["y"])["loss"]
