# SPDX-License-Identifier: MIT
import formats

images = [[[51 * (i % 3), 255, 0], [i, 2 * i, 102]] for i in range(12)]
formats.write_idx("train-images-idx3-ubyte.gz", images)
formats.write_idx("train-labels-idx1-ubyte.gz", [i % 3 for i in range(12)])
formats.write_idx("t10k-images-idx3-ubyte.gz", images[:5])
formats.write_idx("t10k-labels-idx1-ubyte.gz", [i % 3 for i in range(5)])
