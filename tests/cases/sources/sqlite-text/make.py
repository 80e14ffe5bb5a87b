# SPDX-License-Identifier: MIT
from formats import write_sqlite

write_sqlite("a.db", "t", ["a", "word", "y"], [("1.5", "red", "3"), ("2", "blue", "4.5"), ("NA", "red", "5"), ("-1e1", "", "6")],
             ["TEXT"] * 3)
