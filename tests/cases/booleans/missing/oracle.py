# SPDX-License-Identifier: MIT
import pandas as pd
from ones import errors

t = pd.read_csv("a.csv").assign(a=lambda t: t.a.astype(float))
values = errors(t.drop(columns="y").fillna(t["a"].mean()), t["y"])
