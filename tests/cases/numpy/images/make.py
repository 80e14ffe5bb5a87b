# SPDX-License-Identifier: MIT
import formats

formats.write_npy("x.npy", [[[(i + 2 * j + 3 * k) % 5 for k in range(28)] for j in range(28)] for i in range(6)], "|u1")
formats.write_npy("y.npy", [0.5, 1, 2, 3, 4, 5], "<f4")
