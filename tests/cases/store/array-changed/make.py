# SPDX-License-Identifier: MIT
import formats

formats.write_npy('x.npy', [[i] for i in range(20)], '<f4')
formats.write_npy('y.npy', [i / 3 for i in range(20)], '<f4')
