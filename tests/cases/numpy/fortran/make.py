# SPDX-License-Identifier: MIT
import formats

formats.write_npy("x.npy", [[1.5, 20, 300], [4, -5.25, 6], [7, 8, 9], [-1, 0, 2]], "<f8", fortran_order=True)
formats.write_npy("y.npy", [[0.5], [1.5], [2.5], [-0.5]], "<f4")
