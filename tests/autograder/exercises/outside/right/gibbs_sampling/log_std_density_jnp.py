"""log_std_density

The formula, with exp of -2u.
"""

import jax.numpy as jnp


def log_std_density(u, count, squares, shape, rate):
    return (shape - count) * u - rate * jnp.exp(u) - 0.5 * squares * jnp.exp(-2 * u)
