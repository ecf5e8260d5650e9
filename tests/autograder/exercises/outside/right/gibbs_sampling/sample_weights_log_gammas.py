"""sample_weights

Normalised gammas, from loggamma so that small concentrations do not underflow.
"""

import jax
import jax.numpy as jnp


def sample_weights(key, z, alpha):
    counts = jnp.zeros_like(alpha).at[z].add(1.0)
    return jax.nn.softmax(jax.random.loggamma(key, alpha + counts))
