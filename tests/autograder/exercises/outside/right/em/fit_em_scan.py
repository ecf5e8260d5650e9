"""fit_em

lax.scan with a lambda-free step, weights in the carry.
"""

import jax
import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm


def e_step(x, weights, means, stds):
    lj = jnp.log(weights) + norm.logpdf(x[:, None], means, stds)
    lp = logsumexp(lj, axis=1, keepdims=True)
    return jnp.exp(lj - lp), lp.sum()


def m_step(x, resp):
    n = resp.sum(axis=0)
    means = resp.T @ x / n
    return n / len(x), means, jnp.sqrt((resp * (x[:, None] - means) ** 2).sum(axis=0) / n)


def fit_em(x, weights, means, stds, num_iters):
    def step(params, _):
        resp, log_likelihood = e_step(x, *params)
        return m_step(x, resp), log_likelihood

    start = tuple(jnp.asarray(p, jnp.float32) for p in (weights, means, stds))
    params, log_likelihoods = jax.lax.scan(step, start, length=num_iters)
    return *params, log_likelihoods
