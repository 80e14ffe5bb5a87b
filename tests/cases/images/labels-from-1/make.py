# SPDX-License-Identifier: MIT
import formats

images = [[[240 * (k == i % 3) for k in range(3)]] for i in range(24)]
formats.write_idx("train-images-idx3-ubyte", images)
formats.write_idx("train-labels-idx1-ubyte", [i % 3 + 1 for i in range(24)])
formats.write_idx("t10k-images-idx3-ubyte", images[:3])
formats.write_idx("t10k-labels-idx1-ubyte", [1, 2, 3])
