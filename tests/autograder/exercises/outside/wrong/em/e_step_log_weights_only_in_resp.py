"""e_step

The log likelihood is computed from the component densities without the weights.
"""

import jax
import jax.numpy as jnp
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm


def e_step(x, weights, means, stds):
    log_density = norm.logpdf(x[:, None], means, stds)
    resp = jax.nn.softmax(log_density + jnp.log(weights), axis=1)
    return resp, jnp.sum(logsumexp(log_density, axis=1))
