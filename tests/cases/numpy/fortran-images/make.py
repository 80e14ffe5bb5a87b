# SPDX-License-Identifier: MIT
import formats

formats.write_npy("x.npy", [[[(i + 2 * j + 3 * k) % 5 for k in range(2)] for j in range(3)] for i in range(4)], "<i2", fortran_order=True)
formats.write_npy("y.npy", [0.5, 1, 2, 3], "<f4")
