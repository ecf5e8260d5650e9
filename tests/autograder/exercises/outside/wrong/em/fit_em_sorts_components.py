"""fit_em

Sorts the means at the end "for readability" - and only the means, not what belongs to them.
"""

import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm


def fit_em(x, weights, means, stds, num_iters):
    lls = []
    for _ in range(num_iters):
        lj = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
        lp = logsumexp(lj, axis=1)
        lls.append(lp.sum())
        r = jnp.exp(lj - lp[:, None])
        n = r.sum(axis=0)
        weights, means = n / len(x), r.T @ x / n
        stds = jnp.sqrt((r * (x[:, None] - means) ** 2).sum(axis=0) / n)
    return weights, jnp.sort(means), stds, jnp.array(lls)
