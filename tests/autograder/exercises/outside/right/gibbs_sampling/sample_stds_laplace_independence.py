"""sample_stds

Independence Metropolis: Student t proposals around the mode of log sigma, found with Newton steps; the ratio has both.
"""

import jax
import jax.numpy as jnp
from jax.scipy.stats import t as student


def sample_stds(key, x, z, mu, sigma, shape, rate):
    k = mu.shape[0]
    n = jax.nn.one_hot(z, k).sum(axis=0)
    ss = (jax.nn.one_hot(z, k) * (x[:, None] - mu) ** 2).sum(axis=0)

    def log_q(u):
        return (shape - n) * u - rate * jnp.exp(u) - ss / 2 * jnp.exp(-2 * u)

    # The density is log-concave in u: bisection of the slope.
    def slope(u):
        return shape - n - rate * jnp.exp(u) + ss * jnp.exp(-2 * u)

    low, high = jnp.full(k, -14.0), jnp.full(k, 14.0)
    for _ in range(40):
        middle = (low + high) / 2
        low, high = jnp.where(slope(middle) > 0, middle, low), jnp.where(slope(middle) > 0, high, middle)
    mode = (low + high) / 2
    width = 1.3 / jnp.sqrt(rate * jnp.exp(mode) + 2 * ss * jnp.exp(-2 * mode))

    def log_weight(u):
        return log_q(u) - student.logpdf((u - mode) / width, 3.0)

    u = jnp.log(sigma)
    for sub in jax.random.split(key, 6):
        a, b = jax.random.split(sub)
        new = mode + width * jax.random.t(a, 3.0, (k,))
        accept = jnp.log(jax.random.uniform(b, (k,))) < log_weight(new) - log_weight(u)
        u = jnp.where(accept, new, u)
    return jnp.exp(u)
