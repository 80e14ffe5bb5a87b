# SPDX-License-Identifier: MIT
import formats

formats.write_sqlite("a.db", "t", ["a", "b", "y"], [(1, None, 1.5), (2, 4, 2.5), (None, 6.5, 0), (5, 1, 1)])
