"""fit_em

Starts from equal weights whatever was given. A fit that has converged does not show it; the first entries do.
"""

import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm


def fit_em(x, weights, means, stds, num_iters):
    k = len(means)
    weights = jnp.ones(k) / k
    lls = jnp.zeros(num_iters)
    for t in range(num_iters):
        lj = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
        lp = logsumexp(lj, axis=1)
        lls = lls.at[t].set(lp.sum())
        r = jnp.exp(lj - lp[:, None])
        n = r.sum(axis=0)
        weights, means = n / len(x), r.T @ x / n
        stds = jnp.sqrt((r * (x[:, None] - means) ** 2).sum(axis=0) / n)
    return weights, means, stds, lls
