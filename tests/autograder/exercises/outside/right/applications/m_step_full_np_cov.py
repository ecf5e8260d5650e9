"""m_step_full

np.cov with aweights and ddof=0, component by component.
"""

import numpy as np


def m_step_full(x, resp):
    x, resp = np.asarray(x, np.float64), np.asarray(resp, np.float64)
    dim = x.shape[1]
    means = [np.average(x, axis=0, weights=r) for r in resp.T]
    covs = [np.cov(x.T, aweights=r, ddof=0).reshape(dim, dim) for r in resp.T]
    return resp.mean(axis=0), np.stack(means), np.stack(covs)
