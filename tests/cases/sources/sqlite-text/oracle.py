# SPDX-License-Identifier: MIT
import sqlite3

import pandas as pd
from ones import errors

with sqlite3.connect("a.db") as db:
    t = pd.read_sql("SELECT * FROM t", db)
t["a"] = pd.to_numeric(t["a"], errors="coerce")
t = t[t.a.notna() & (t.word != "")]
x = pd.concat([t[["a"]], pd.get_dummies(t["word"], dtype=float)], axis=1)
values = errors(x, t["y"].astype(float))
