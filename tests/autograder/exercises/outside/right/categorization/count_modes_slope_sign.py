"""count_modes

Changes of sign of the slope on a fine float64 grid that runs a little beyond both means; the slope scaled row by row.
"""

import numpy as np


def count_modes(weights, means, stds):
    w, m, s = (np.asarray(v, np.float64) for v in (weights, means, stds))
    points = int(min(400_000, 400 * (np.ptp(m) / s.min() + 1)))
    grid = np.linspace(m.min() - 0.1 * s.min(), m.max() + 0.1 * s.min(), points)
    z = (grid[:, None] - m) / s
    log_size = np.log(w) - 2 * np.log(s) - 0.5 * z**2
    slope = (-z * np.exp(log_size - log_size.max(axis=1, keepdims=True))).sum(axis=1)
    signs = np.sign(slope)
    signs = signs[signs != 0]
    return int(np.sum((signs[:-1] > 0) & (signs[1:] < 0)))
