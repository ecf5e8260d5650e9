"""coassignment

All pairs by broadcasting, mean over draws.
"""

import jax.numpy as jnp


def coassignment(z_samples):
    z = jnp.asarray(z_samples)
    return jnp.mean(z[:, :, None] == z[:, None, :], axis=0)
