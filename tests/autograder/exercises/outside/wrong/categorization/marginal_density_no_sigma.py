"""marginal_density

Forgets 1/sigma in front of the exponential: not a density, the integral is not 1.
"""

import jax.numpy as jnp


def marginal_density(x, weights, means, stds):
    bumps = jnp.exp(-0.5 * ((x[:, None] - means) / stds) ** 2) / jnp.sqrt(2 * jnp.pi)
    return bumps @ weights
