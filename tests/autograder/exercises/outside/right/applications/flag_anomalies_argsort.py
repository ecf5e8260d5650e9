"""flag_anomalies

NumPy: argsort of log p and the first round(share N) of it.
"""

import numpy as np
from scipy.special import logsumexp


def flag_anomalies(x, weights, means, covs, share):
    x, weights, means, covs = (np.asarray(a, np.float64) for a in (x, weights, means, covs))
    columns = []
    for w, m, c in zip(weights, means, covs):
        z = np.linalg.solve(np.linalg.cholesky(c), (x - m).T)
        columns.append(np.log(w) - 0.5 * (z**2).sum(axis=0) - 0.5 * np.linalg.slogdet(c)[1])
    order = np.argsort(logsumexp(columns, axis=0))
    flags = np.zeros(len(x), bool)
    flags[order[: round(float(share) * len(x))]] = True
    return flags
