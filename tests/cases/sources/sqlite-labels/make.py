# SPDX-License-Identifier: MIT
import formats

formats.write_sqlite("a.db", "t", ["a", "y"], [(1, "fox"), (2, "ant"), (3, "cow"), (4, "ant"), (5, "ant")])
