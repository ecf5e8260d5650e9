"""sample_assignments

jax.random.categorical on the log joint: one key for all rows, which are independent.
"""

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm


def sample_assignments(key, x, pi, mu, sigma):
    return jax.random.categorical(key, jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma))
