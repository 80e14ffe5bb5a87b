# SPDX-License-Identifier: MIT
"""What oracles share: networks without training, whose loss says what data the program saw.

One linear output whose kernel is ones and whose rate is 0 predicts the sum of the inputs, so that the epoch's
loss is the mean of its squared errors: batches count by their rows.
"""
import numpy as np


def errors(inputs, target):
    """loss (mse) and mae of the sum of the inputs as the prediction of the target, or of each column of it."""
    x = np.asarray(inputs, dtype=float)
    y = np.asarray(target, dtype=float).reshape(len(x), -1)
    error = x.reshape(len(x), -1).sum(axis=1, keepdims=True) - y
    return {"loss": float(np.mean(error**2)), "mae": float(np.mean(np.abs(error)))}
