"""sample_means

segment_sum of deviations from the prior mean, a vmap over components with keys of their own.
"""

import jax
import jax.numpy as jnp


def sample_means(key, x, z, sigma, loc, scale):
    k = len(loc)
    n = jax.ops.segment_sum(jnp.ones_like(x), z, num_segments=k)
    excess = jax.ops.segment_sum(x - loc[z], z, num_segments=k)

    def one(key, n, excess, sigma, loc, scale):
        shrink = scale**2 / (sigma**2 + n * scale**2)
        return loc + shrink * excess + sigma * jnp.sqrt(shrink) * jax.random.normal(key)

    return jax.vmap(one)(jax.random.split(key, k), n, excess, sigma, loc, scale)
