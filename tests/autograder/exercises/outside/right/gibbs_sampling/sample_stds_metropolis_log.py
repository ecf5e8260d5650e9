"""sample_stds

Random-walk Metropolis on log sigma, scale 2.4 / sqrt(2 N_k + shape_k), ten proposals with keys from a split.
"""

import jax
import jax.numpy as jnp


def sample_stds(key, x, z, mu, sigma, shape, rate):
    k = mu.shape[0]
    n = jnp.bincount(z, length=k)
    squares = jnp.bincount(z, weights=(x - mu[z]) ** 2, length=k)
    size = 2.4 / jnp.sqrt(2 * n + shape)

    def log_q(u):
        return (shape - n) * u - rate * jnp.exp(u) - squares / 2 * jnp.exp(-2 * u)

    def step(u, key):
        propose, accept = jax.random.split(key)
        new = u + size * jax.random.normal(propose, (k,))
        ok = jnp.log(jax.random.uniform(accept, (k,))) < log_q(new) - log_q(u)
        return jnp.where(ok, new, u), None

    u, _ = jax.lax.scan(step, jnp.log(sigma), jax.random.split(key, 10))
    return jnp.exp(u)
