# SPDX-License-Identifier: MIT
import formats

formats.write_npy("x.npy", [[-4000000, 2, 3], [4, 5, 256], [7, 8, 9], [1, 0, 2]], ">i8")
formats.write_npy("y.npy", [3, 5, 7, -512], ">i8")
