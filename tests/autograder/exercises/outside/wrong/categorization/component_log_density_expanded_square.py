"""component_log_density

Expands (x - mu)^2 = x^2 - 2 x mu + mu^2 in float32: digits are lost when sigma is small next to the weights.
"""

import jax.numpy as jnp


def component_log_density(x, means, stds):
    x = jnp.asarray(x, jnp.float32)[:, None]
    square = x**2 - 2 * x * means + means**2
    return -square / (2 * stds**2) - jnp.log(stds) - 0.5 * jnp.log(2 * jnp.pi)
