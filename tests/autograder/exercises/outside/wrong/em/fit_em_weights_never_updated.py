"""fit_em

`weights, means, stds` of the loop are shadowed by a typo: the new weights go to a name that is not used.
"""

import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm


def fit_em(x, weights, means, stds, num_iters):
    log_likelihoods = []
    for _ in range(num_iters):
        lj = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
        lp = logsumexp(lj, axis=1)
        log_likelihoods.append(float(lp.sum()))
        resp = jnp.exp(lj - lp[:, None])
        n = resp.sum(axis=0)
        weight, means = n / len(x), resp.T @ x / n
        stds = jnp.sqrt((resp * (x[:, None] - means) ** 2).sum(axis=0) / n)
    return weights, means, stds, log_likelihoods
