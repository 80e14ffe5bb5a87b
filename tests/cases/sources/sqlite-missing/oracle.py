# SPDX-License-Identifier: MIT
import sqlite3

import pandas as pd
from ones import errors

t = pd.read_sql_query("SELECT * FROM t", sqlite3.connect("a.db"))
x = t[["a", "b"]]
values = errors(x.fillna(x.mean()), t["y"])
