"""sample_assignments

A key for each observation, vmap over both.
"""

from functools import partial

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm


def one(key, xi, pi, mu, sigma):
    return jax.random.categorical(key, jnp.log(pi) + norm.logpdf(xi, mu, sigma))


def sample_assignments(key, x, pi, mu, sigma):
    return jax.vmap(partial(one, pi=pi, mu=mu, sigma=sigma))(jax.random.split(key, len(x)), x)
