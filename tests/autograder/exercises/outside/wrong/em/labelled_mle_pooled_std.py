"""labelled_mle

One standard deviation around each component's own mean, but pooled over all of them and repeated K times.
"""

import numpy as np


def labelled_mle(x, z, num_components):
    x, z = np.asarray(x, float), np.asarray(z)
    weights = np.bincount(z, minlength=num_components) / len(x)
    means = np.array([x[z == k].mean() for k in range(num_components)])
    residual = x - means[z]
    return weights, means, np.full(num_components, residual.std())
