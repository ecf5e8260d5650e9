"""fit_em

Stops when the log likelihood changes by less than 1e-3: fewer than num_iters entries come back.
"""

import numpy as np
from scipy.special import logsumexp
from scipy.stats import norm


def fit_em(x, weights, means, stds, num_iters):
    x, w, m, s = (np.asarray(a, np.float64) for a in (x, weights, means, stds))
    lls = []
    for _ in range(num_iters):
        lj = np.log(w) + norm.logpdf(x[:, None], m, s)
        lp = logsumexp(lj, axis=1)
        lls.append(lp.sum())
        if len(lls) > 1 and abs(lls[-1] - lls[-2]) < 1e-3:
            break
        r = np.exp(lj - lp[:, None])
        n = r.sum(axis=0)
        w, m = n / len(x), r.T @ x / n
        s = np.sqrt((r * (x[:, None] - m) ** 2).sum(axis=0) / n)
    return w, m, s, np.array(lls)
