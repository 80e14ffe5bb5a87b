# SPDX-License-Identifier: MIT
import formats

formats.write_sqlite("a.db", "houses", ["id", "size", "city", "price"],
                     [(1, 1.5, "Rome", 3), (2, 2.25, "Oslo", 7.5), (3, 4, "Rome", 1), (4, 8, "Bonn", 2)], ["INTEGER", "REAL", "TEXT", "REAL"])
