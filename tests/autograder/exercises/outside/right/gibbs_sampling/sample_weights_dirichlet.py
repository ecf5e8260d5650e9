"""sample_weights

bincount with a fixed length, jax.random.dirichlet.
"""

import jax
import jax.numpy as jnp


def sample_weights(key, z, alpha):
    return jax.random.dirichlet(key, alpha + jnp.bincount(z, length=len(alpha)))
