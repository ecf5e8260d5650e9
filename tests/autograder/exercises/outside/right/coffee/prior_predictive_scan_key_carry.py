"""prior_predictive

lax.scan with the key as carry.
"""

import jax
import jax.numpy as jnp


def prior_predictive(key, locs, scales, num_draws):
    def world(key, _):
        key, a, b, c, d, e = jax.random.split(key, 6)
        pi = jax.random.dirichlet(a, jnp.ones(3))
        mu = locs + scales * jax.random.normal(b, (3,))
        sigma = jax.random.gamma(c, 2.0, (3,)) / 1.0
        k = jnp.searchsorted(jnp.cumsum(pi)[:2], jax.random.uniform(d))
        return key, mu[k] + sigma[k] * jax.random.normal(e)

    return jax.lax.scan(world, key, length=num_draws)[1]
