"""responsibilities

NumPy in float64 without any shift: survives 425 g (e^-705 is still a double), not a bento of a kilogram.
"""

import numpy as np
from scipy.stats import norm


def responsibilities(x, weights, means, stds):
    x, weights, means, stds = (np.asarray(a, np.float64) for a in (x, weights, means, stds))
    joint = weights * norm.pdf(x[:, None], means, stds)
    return joint / joint.sum(axis=1, keepdims=True)
