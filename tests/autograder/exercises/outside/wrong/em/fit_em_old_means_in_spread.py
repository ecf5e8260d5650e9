"""fit_em

The spread is measured around the means of the iteration before, because all three updates stand in one line.
"""

import jax
import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm


def fit_em(x, weights, means, stds, num_iters):
    def step(params, _):
        weights, means, stds = params
        lj = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
        lp = logsumexp(lj, axis=1, keepdims=True)
        r = jnp.exp(lj - lp)
        n = r.sum(axis=0)
        new = n / x.size, r.T @ x / n, jnp.sqrt((r * (x[:, None] - means) ** 2).sum(axis=0) / n)
        return new, lp.sum()

    start = tuple(jnp.asarray(p, jnp.float32) for p in (weights, means, stds))
    final, lls = jax.lax.scan(step, start, None, length=num_iters)
    return (*final, lls)
