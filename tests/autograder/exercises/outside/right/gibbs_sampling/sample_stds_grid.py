"""sample_stds

An independent draw: the density of log sigma on a grid, refined once, and its inverse CDF, linear within a cell.
"""

import jax
import jax.numpy as jnp


def draw(key, n, ss, a, b):
    def f(u):
        return (a - n) * u - b * jnp.exp(u) - ss / 2 * jnp.exp(-2 * u)

    coarse = jnp.linspace(-14.0, 14.0, 2801)
    values = f(coarse)
    live = values > values.max() - 25.0
    low = jnp.min(jnp.where(live, coarse, jnp.inf)) - 0.02
    high = jnp.max(jnp.where(live, coarse, -jnp.inf)) + 0.02
    grid = jnp.linspace(low, high, 3001)
    v = f(grid)
    p = jnp.exp(v - v.max())
    cdf = jnp.concatenate([jnp.zeros(1), jnp.cumsum((p[1:] + p[:-1]) / 2)])
    return jnp.exp(jnp.interp(jax.random.uniform(key) * cdf[-1], cdf, grid))


def sample_stds(key, x, z, mu, sigma, shape, rate):
    k = len(mu)
    member = z[:, None] == jnp.arange(k)
    n = member.sum(axis=0).astype(float)
    ss = jnp.where(member, (x[:, None] - mu) ** 2, 0.0).sum(axis=0)
    return jax.vmap(draw)(jax.random.split(key, k), n, ss, shape, rate)
