"""count_modes

Looks between the means only and not at the ends of the grid: a peak that sits exactly on a mean is not counted.
"""

import numpy as np
from scipy.stats import norm


def count_modes(weights, means, stds):
    w, m, s = (np.asarray(v, np.float32) for v in (weights, means, stds))
    grid = np.linspace(m.min(), m.max(), 1001, dtype=np.float32)
    p = norm.pdf(grid[:, None], m, s).astype(np.float32) @ w
    peaks = 0
    for i in range(1, len(grid) - 1):
        if p[i] >= p[i - 1] and p[i] > p[i + 1]:
            peaks += 1
    return peaks
