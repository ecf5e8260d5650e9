"""m_step

np.average with weights, component by component.
"""

import numpy as np


def m_step(x, resp):
    x, resp = np.asarray(x, np.float64), np.asarray(resp, np.float64)
    means = np.array([np.average(x, weights=r) for r in resp.T])
    variances = [np.average((x - m) ** 2, weights=r) for m, r in zip(means, resp.T)]
    return resp.mean(axis=0), means, np.sqrt(variances)
