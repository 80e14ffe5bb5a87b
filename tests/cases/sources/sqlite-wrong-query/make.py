# SPDX-License-Identifier: MIT
import formats

formats.write_sqlite("a.db", "t", ["a", "y"], [(1, 2)])
