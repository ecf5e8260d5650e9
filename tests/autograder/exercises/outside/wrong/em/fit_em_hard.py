"""fit_em

Hard assignments (classification EM): each observation counts for its most probable component alone.
"""

import jax
import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm


def fit_em(x, weights, means, stds, num_iters):
    lls = []
    for _ in range(num_iters):
        lj = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
        lls.append(logsumexp(lj, axis=1).sum())
        r = jax.nn.one_hot(lj.argmax(axis=1), len(means))
        n = r.sum(axis=0) + 1e-6
        weights, means = n / len(x), r.T @ x / n
        stds = jnp.sqrt((r * (x[:, None] - means) ** 2).sum(axis=0) / n) + 1e-3
    return weights, means, stds, jnp.array(lls)
