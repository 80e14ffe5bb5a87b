# SPDX-License-Identifier: MIT
import formats

formats.write_npy("x.npy", [[1, 2, 255], [4, 5, 6], [0, 8, 9], [200, 0, 2]], "|u1")
formats.write_npy("y.npy", [0.5, 1.5, 2.5, 1e3], "<f4")
