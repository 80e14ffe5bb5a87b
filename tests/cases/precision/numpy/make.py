# SPDX-License-Identifier: MIT
import formats

formats.write_npy("x.npy", [[1.6e9 + i, i * i] for i in range(6)], "<f8")
formats.write_npy("y.npy", [0.5 * i for i in range(6)], "<f8")
