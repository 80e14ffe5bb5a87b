# SPDX-License-Identifier: MIT
import formats

formats.write_npz("a.npz", compressed=True, inputs=([[1, 2, 3], [4, 5, 6], [7, 8, 9], [-1, 0, 2]], "<f4"), labels=([0.5, 1.5, 2.5, -0.5], "<f8"))
