"""labelled_mle

bincount without the division by N: counts instead of proportions.
"""

import numpy as np


def labelled_mle(x, z, num_components):
    x, z = np.asarray(x), np.asarray(z)
    weights = np.bincount(z, minlength=num_components)
    means = [np.mean(x[z == k]) for k in range(num_components)]
    stds = [np.std(x[z == k]) for k in range(num_components)]
    return weights, means, stds
