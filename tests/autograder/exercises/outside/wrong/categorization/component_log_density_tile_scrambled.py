"""component_log_density

np.tile followed by reshape mixes up observations and components: the shape is right, the entries are not.
"""

import numpy as np
from scipy.stats import norm


def component_log_density(x, means, stds):
    n, k = len(x), len(means)
    grid = np.tile(np.asarray(x), k).reshape(n, k)
    return norm.logpdf(grid, np.asarray(means), np.asarray(stds))
