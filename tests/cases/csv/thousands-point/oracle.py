# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t = pd.read_csv("a.csv", sep=";", decimal=",", thousands=".")
values = errors(t.drop(columns="y"), t["y"])
