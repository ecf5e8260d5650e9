"""elbo

Expected complete-data log likelihood: the term - r log r is missing.
"""

import jax.numpy as jnp
from jax.scipy.stats import norm


def elbo(x, resp, weights, means, stds):
    return jnp.sum(resp * (jnp.log(weights) + norm.logpdf(x[:, None], means, stds)))
