# SPDX-License-Identifier: MIT
import sqlite3

import pandas as pd
from ones import errors

with sqlite3.connect("a.db") as db:
    t = pd.read_sql("SELECT a, b * 2 AS b2, y, part FROM house WHERE b IS NOT NULL", db)
x = t[["a", "b2"]]
values = errors(x[t.part == 0], t.y[t.part == 0])
values.update({"val_" + name: v for name, v in errors(x[t.part == 1], t.y[t.part == 1]).items()})
