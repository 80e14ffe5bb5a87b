# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t = pd.read_csv("a.csv")
day = pd.Series([-86400.0, 0.0, 86400.0])  # the mean of the two others is 0
values = errors(day / 86400, t["y"])
