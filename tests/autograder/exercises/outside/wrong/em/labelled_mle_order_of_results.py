"""labelled_mle

Returns (means, stds, weights): the order in which the student computed them.
"""

import numpy as np


def labelled_mle(x, z, num_components):
    x, z = np.asarray(x), np.asarray(z)
    means = np.array([x[z == k].mean() for k in range(num_components)])
    stds = np.array([x[z == k].std() for k in range(num_components)])
    weights = np.array([(z == k).mean() for k in range(num_components)])
    return means, stds, weights
