# SPDX-License-Identifier: MIT
import numpy as np
import pandas as pd
from sklearn import metrics

t = pd.read_csv("a.csv")

y = t["y"][4:]
values = {"val_f1_score": metrics.f1_score(y, ["ant"] * len(y), average="macro", zero_division=0)}  # of equal outputs the first
