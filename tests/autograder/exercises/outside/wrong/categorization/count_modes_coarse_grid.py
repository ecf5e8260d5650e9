"""count_modes

A grid of 50 points over the whole range: steps over a narrow component.
"""

import numpy as np
from scipy.stats import norm


def count_modes(weights, means, stds):
    weights, means, stds = np.asarray(weights), np.asarray(means), np.asarray(stds)
    grid = np.linspace((means - 4 * stds).min(), (means + 4 * stds).max(), 50)
    p = norm.pdf(grid[:, None], means, stds) @ weights
    return int(np.sum((p[1:-1] > p[:-2]) & (p[1:-1] >= p[2:])))
