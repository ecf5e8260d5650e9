"""m_step

Bessel's correction with N_k - 1, although N_k is not a number of observations and may be below 1.
"""

import numpy as np


def m_step(x, resp):
    x, resp = np.asarray(x, float), np.asarray(resp, float)
    nk = resp.sum(axis=0)
    means = resp.T @ x / nk
    ss = (resp * (x[:, None] - means) ** 2).sum(axis=0)
    return nk / len(x), means, np.sqrt(ss / np.maximum(nk - 1, 1e-3))
