"""multivariate_log_density

NumPy float64: slogdet, solve and einsum.
"""

import numpy as np


def multivariate_log_density(x, means, covs):
    x, means, covs = (np.asarray(a, np.float64) for a in (x, means, covs))
    columns = []
    for mean, cov in zip(means, covs):
        d = x - mean
        square = np.einsum("nd,dn->n", d, np.linalg.solve(cov, d.T))
        columns.append(-0.5 * (square + np.linalg.slogdet(cov)[1] + len(mean) * np.log(2 * np.pi)))
    return np.stack(columns, axis=1)
