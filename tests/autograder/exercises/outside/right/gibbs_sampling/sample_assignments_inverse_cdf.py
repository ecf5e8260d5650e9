"""sample_assignments

Cumulative probabilities against one uniform for each observation.
"""

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm


def sample_assignments(key, x, pi, mu, sigma):
    p = jax.nn.softmax(jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma), axis=1)
    u = jax.random.uniform(key, (x.shape[0], 1))
    return jnp.sum(u > jnp.cumsum(p, axis=1)[:, :-1], axis=1)
