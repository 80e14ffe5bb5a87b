# SPDX-License-Identifier: MIT
import formats

formats.write_npy("x.npy", [[True, False, True], [False, False, True], [True, True, True], [False, False, False]], "|b1")
formats.write_npy("y.npy", [[0.5], [1.5], [2.5], [-0.5]], "<f4")
