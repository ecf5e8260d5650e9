"""elbo

Expected log joint plus entropy, scipy.special.entr.
"""

import numpy as np
from scipy.special import entr
from scipy.stats import norm


def elbo(x, resp, weights, means, stds):
    resp = np.asarray(resp, np.float64)
    lj = np.log(np.asarray(weights)) + norm.logpdf(np.asarray(x)[:, None], np.asarray(means), np.asarray(stds))
    return np.sum(np.where(resp > 0, resp * lj, 0.0) + entr(resp))
