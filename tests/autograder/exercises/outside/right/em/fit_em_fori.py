"""fit_em

fori_loop that writes the log likelihoods into an array.
"""

import jax
import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm


def fit_em(x, weights, means, stds, num_iters):
    def body(t, state):
        w, m, s, history = state
        lj = jnp.log(w) + norm.logpdf(x[:, None], m, s)
        lp = logsumexp(lj, axis=1)
        r = jnp.exp(lj - lp[:, None])
        n = jnp.sum(r, axis=0)
        m = jnp.sum(r * x[:, None], axis=0) / n
        s = jnp.sqrt(jnp.sum(r * jnp.square(x[:, None] - m), axis=0) / n)
        return n / x.size, m, s, history.at[t].set(lp.sum())

    return jax.lax.fori_loop(0, num_iters, body, (weights, means, stds, jnp.zeros(num_iters)))
