# SPDX-License-Identifier: MIT
import formats

formats.write_npy("x.npy", [[-32768, 32767, 3], [4, -5, 6], [7, 8, 9], [-1, 0, 2]], "<i2")
formats.write_npy("y.npy", [-3, 5, 7, 100], "<i2")
