"""e_step

(log_likelihood, resp) instead of (resp, log_likelihood).
"""

import numpy as np
from scipy.special import logsumexp
from scipy.stats import norm


def e_step(x, weights, means, stds):
    lj = np.log(np.asarray(weights)) + norm.logpdf(np.asarray(x)[:, None], np.asarray(means), np.asarray(stds))
    lp = logsumexp(lj, axis=1, keepdims=True)
    return lp.sum(), np.exp(lj - lp)
