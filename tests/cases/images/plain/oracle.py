# SPDX-License-Identifier: MIT
import numpy as np
from ones import errors


def read(name, head):
    with open(name, "rb") as file:
        return np.frombuffer(file.read(), np.uint8)[head:]


x = read("train-images-idx3-ubyte", 16).reshape(12, 6) / 255
values = errors(x, np.eye(3)[read("train-labels-idx1-ubyte", 8)])
