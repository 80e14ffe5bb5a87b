# SPDX-License-Identifier: MIT
from formats import write_sqlite

write_sqlite("a.db", "house", ["id", "a", "b", "y", "part"],
             [(3, 1, 2.5, 7, 0), (1, 2, None, 8.5, 0), (2, -3, 0.25, 9, 0), (4, 5, 6, 7.5, 1)])
