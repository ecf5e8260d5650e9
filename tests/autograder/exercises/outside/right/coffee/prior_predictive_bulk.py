"""prior_predictive

Bulk draws. With Dirichlet(1, 1, 1) integrated out, z is uniform; the means and spreads of z alone are drawn.
"""

import jax
import jax.numpy as jnp


def prior_predictive(key, locs, scales, num_draws):
    kz, km, ks, kx = jax.random.split(key, 4)
    z = jax.random.randint(kz, (num_draws,), 0, 3)
    mu = locs[z] + scales[z] * jax.random.normal(km, (num_draws,))
    sigma = jax.random.gamma(ks, 2.0, (num_draws,))
    return mu + sigma * jax.random.normal(kx, (num_draws,))
