# SPDX-License-Identifier: MIT
import formats

formats.write_npy('x.npy', [[i] for i in range(1, 21)], '<f4')
