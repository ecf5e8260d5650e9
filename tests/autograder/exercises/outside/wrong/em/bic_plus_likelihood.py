"""bic

The sign of the likelihood is wrong: a better fit is punished.
"""

import jax.numpy as jnp


def bic(log_likelihood, num_components, num_observations):
    return (3 * num_components - 1) * jnp.log(num_observations) + 2 * log_likelihood
