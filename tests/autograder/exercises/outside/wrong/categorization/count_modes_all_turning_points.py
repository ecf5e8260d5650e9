"""count_modes

Counts every change of sign of the slope, the valley included: 3 instead of 2.
"""

import numpy as np


def count_modes(weights, means, stds):
    w, m, s = (np.asarray(v, np.float64) for v in (weights, means, stds))
    step = s.min() / 50
    grid = np.arange(m.min() - s.max(), m.max() + s.max(), step)
    slope = (w * -(grid[:, None] - m) / s**3 * np.exp(-0.5 * ((grid[:, None] - m) / s) ** 2)).sum(axis=1)
    return int(np.sum(np.diff(np.sign(slope)) != 0))
