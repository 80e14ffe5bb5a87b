# SPDX-License-Identifier: MIT
import numpy as np
from ones import errors

values = errors(np.load("x.npy").reshape(6, 784) / 1.0, np.load("y.npy"))
