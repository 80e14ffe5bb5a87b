# SPDX-License-Identifier: MIT
import formats

formats.write_npy("x.npy", [[1.5, 2, 3], [4, -5.25, 6], [7, 8, 9], [-1, 0, 2]], ">f4")
formats.write_npy("y.npy", [[0.5], [1.5], [2.5], [-0.5]], ">f8")
