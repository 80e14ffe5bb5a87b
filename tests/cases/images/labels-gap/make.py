# SPDX-License-Identifier: MIT
import formats

images = [[[i, 2 * i, 3]] for i in range(8)]
formats.write_idx("train-images-idx3-ubyte", images)
formats.write_idx("train-labels-idx1-ubyte", [4, 4, 9, 4, 9, 7, 4, 4])
formats.write_idx("t10k-images-idx3-ubyte", images[:2])
formats.write_idx("t10k-labels-idx1-ubyte", [4, 9])
