# SPDX-License-Identifier: MIT
import formats

formats.write_npy("x.npy", [[0.5, -2.25, 65504], [6e-08, 0, 1], [3, 4, 0.125], [1, 2, 3]], "<f2")
formats.write_npy("y.npy", [[0.5], [1.5], [2.5], [-0.5]], "<f2")
