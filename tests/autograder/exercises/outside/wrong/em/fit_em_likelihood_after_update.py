"""fit_em

Evaluates the log likelihood after the M-step: entry t belongs to the parameters that iteration t ended with.
"""

import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm


def e_step(x, weights, means, stds):
    lj = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    lp = logsumexp(lj, axis=1, keepdims=True)
    return jnp.exp(lj - lp), lp.sum()


def m_step(x, resp):
    nk = resp.sum(axis=0)
    means = resp.T @ x / nk
    return nk / len(x), means, jnp.sqrt((resp * (x[:, None] - means) ** 2).sum(axis=0) / nk)


def fit_em(x, weights, means, stds, num_iters):
    history = []
    for _ in range(num_iters):
        resp, _ = e_step(x, weights, means, stds)
        weights, means, stds = m_step(x, resp)
        history.append(e_step(x, weights, means, stds)[1])
    return weights, means, stds, jnp.array(history)
