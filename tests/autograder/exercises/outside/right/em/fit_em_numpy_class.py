"""fit_em

A class with __call__ and state, NumPy float64.
"""

import numpy as np
from scipy.special import logsumexp
from scipy.stats import norm


class EM:
    def __init__(self, weights, means, stds):
        self.weights, self.means, self.stds = (np.array(p, float) for p in (weights, means, stds))

    def __call__(self, x):
        lj = np.log(self.weights) + norm.logpdf(x[:, None], self.means, self.stds)
        lp = logsumexp(lj, axis=1)
        r = np.exp(lj - lp[:, None])
        n = r.sum(axis=0)
        self.weights, self.means = n / len(x), x @ r / n
        self.stds = np.sqrt(((x[:, None] - self.means) ** 2 * r).sum(axis=0) / n)
        return lp.sum()


def fit_em(x, weights, means, stds, num_iters):
    em, x = EM(weights, means, stds), np.asarray(x, float)
    history = [em(x) for _ in range(num_iters)]
    return em.weights, em.means, em.stds, history
