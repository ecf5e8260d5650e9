"""responsibilities

NumPy float64 with the row maximum subtracted.
"""

import numpy as np


def responsibilities(x, weights, means, stds):
    x, weights, means, stds = (np.asarray(a, dtype=np.float64) for a in (x, weights, means, stds))
    log_joint = np.log(weights) - np.log(stds) - 0.5 * ((x.reshape(-1, 1) - means) / stds) ** 2
    joint = np.exp(log_joint - log_joint.max(axis=1, keepdims=True))
    return joint / joint.sum(axis=1, keepdims=True)
