"""elbo

The entropy is subtracted: + r log r where - r log r should be.
"""

import jax.numpy as jnp
from jax.scipy.special import xlogy
from jax.scipy.stats import norm


def elbo(x, resp, weights, means, stds):
    expected = jnp.sum(resp * (jnp.log(weights) + norm.logpdf(x[:, None], means, stds)))
    return expected + jnp.sum(xlogy(resp, resp))
