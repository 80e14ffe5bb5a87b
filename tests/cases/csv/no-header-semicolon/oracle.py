# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t = pd.read_csv("a.csv", header=None, sep=";")
values = errors(t[[1]], t[2])
