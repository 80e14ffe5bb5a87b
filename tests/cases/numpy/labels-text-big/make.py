# SPDX-License-Identifier: MIT
import formats

formats.write_npy("x.npy", [[1], [2], [3], [4], [5]], "<f4")
formats.write_npy("y.npy", ["fox", "ant", "cow", "ant", "cow"], ">U4")
