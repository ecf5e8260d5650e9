"""select_num_components

Returns the position in `candidates` instead of the candidate.
"""

import numpy as np
import jax
from scipy.special import logsumexp
from scipy.stats import norm


def run(rng, x, k):
    floor = max(x.std() / 100, 1e-6)
    w, m, s = np.full(k, 1 / k), rng.choice(x, k, replace=False), np.full(k, max(x.std(), floor))
    for _ in range(60):
        lj = np.log(w) + norm.logpdf(x[:, None], m, s)
        lp = logsumexp(lj, axis=1)
        r = np.exp(lj - lp[:, None]) + 1e-12
        n = r.sum(axis=0)
        w, m = n / n.sum(), r.T @ x / n
        s = np.maximum(np.sqrt((r * (x[:, None] - m) ** 2).sum(axis=0) / n), floor)
    return lp.sum()


def select_num_components(key, x, candidates):
    rng = np.random.default_rng(np.asarray(jax.random.key_data(key)))
    x = np.asarray(x, float)
    scores = [(3 * k - 1) * np.log(len(x)) - 2 * max(run(rng, x, k) for _ in range(8)) for k in candidates]
    return int(np.argmin(scores))
