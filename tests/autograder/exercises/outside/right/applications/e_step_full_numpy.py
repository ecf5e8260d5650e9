"""e_step_full

NumPy float64, row maximum by scipy's logsumexp.
"""

import numpy as np
from scipy.special import logsumexp


def multivariate_log_density(x, means, covs):
    x, means, covs = (np.asarray(a, np.float64) for a in (x, means, covs))
    diff = x[:, None, :] - means
    precision = np.linalg.inv(covs)
    square = np.einsum("nkd,kde,nke->nk", diff, precision, diff)
    return -0.5 * (square + np.linalg.slogdet(covs)[1] + x.shape[1] * np.log(2 * np.pi))


def e_step_full(x, weights, means, covs):
    lj = np.log(np.asarray(weights, np.float64)) + multivariate_log_density(x, means, covs)
    lp = logsumexp(lj, axis=1, keepdims=True)
    return np.exp(lj - lp), float(lp.sum())
