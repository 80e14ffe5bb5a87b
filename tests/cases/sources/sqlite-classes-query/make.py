# SPDX-License-Identifier: MIT
import formats

formats.write_sqlite("a.db", "t", ["a", "b", "y"], [(1, 2, "fox"), (2, -3, "ant"), (3, 0.5, "cow"), (4, 1, "ant"), (5, 1, "ant")])
