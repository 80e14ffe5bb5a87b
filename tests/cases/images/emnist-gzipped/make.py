# SPDX-License-Identifier: MIT
import formats

images = [[[50 * (i % 3), 10 * i, j] for j in range(2)] for i in range(8)]
formats.write_idx("emnist-letters-train-images-idx3-ubyte.gz", images)
formats.write_idx("emnist-letters-train-labels-idx1-ubyte.gz", [i % 3 + 1 for i in range(8)])
formats.write_idx("emnist-letters-test-images-idx3-ubyte.gz", images[:4])
formats.write_idx("emnist-letters-test-labels-idx1-ubyte.gz", [i % 3 + 1 for i in range(4)])
