"""importance_sampling

Without GenJAX: the priors drawn in bulk with jax.random, one key each.
"""

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm


def importance_sampling(key, x, num_particles):
    k_pi, k_mu, k_sigma, k_z = jax.random.split(key, 4)
    s = num_particles
    pi = jax.random.dirichlet(k_pi, jnp.ones(2), (s,))
    mu = 400.0 + 50.0 * jax.random.normal(k_mu, (s, 2))
    sigma = jax.random.gamma(k_sigma, 2.0, (s, 2))
    z = jax.random.categorical(k_z, jnp.log(pi)[:, None, :], axis=-1, shape=(s, len(x)))
    log_weights = norm.logpdf(
        x[None, :], jnp.take_along_axis(mu, z, axis=1), jnp.take_along_axis(sigma, z, axis=1)
    ).sum(axis=1)
    return {"pi": pi, "mu": mu, "sigma": sigma, "z": z, "log_weights": log_weights}
