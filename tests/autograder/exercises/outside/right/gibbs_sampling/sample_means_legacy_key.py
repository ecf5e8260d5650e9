"""sample_means

Goes through raw key data: key_data, wrap_key_data and a legacy split of uint32 keys.
"""

import jax
import jax.numpy as jnp


def sample_means(key, x, z, sigma, loc, scale):
    raw = jax.random.key_data(key)
    legacy = jax.random.split(jax.random.wrap_key_data(raw), 2)[1]
    counts = jnp.bincount(z, length=loc.shape[0])
    sums = jnp.bincount(z, weights=x, length=loc.shape[0])
    lam = 1 / jnp.square(scale) + counts / jnp.square(sigma)
    centre = (loc / jnp.square(scale) + sums / jnp.square(sigma)) / lam
    return jax.random.multivariate_normal(legacy, centre, jnp.diag(1 / lam))
