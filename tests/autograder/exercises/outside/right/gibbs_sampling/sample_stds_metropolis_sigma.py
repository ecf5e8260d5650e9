"""sample_stds

Metropolis on sigma itself (no Jacobian), symmetric proposal, negative values rejected; fori_loop with fold_in.
"""

import jax
import jax.numpy as jnp
from jax.scipy.stats import gamma, norm


def sample_stds(key, x, z, mu, sigma, shape, rate):
    components = jnp.arange(mu.shape[0])

    def log_p(s):
        safe = jnp.where(s > 0, s, 1.0)
        prior = gamma.logpdf(safe, shape, scale=1 / rate)
        each = norm.logpdf(x[:, None], mu, safe)
        return jnp.where(s > 0, prior + jnp.sum(jnp.where(z[:, None] == components, each, 0.0), axis=0), -jnp.inf)

    n = (z[:, None] == components).sum(axis=0)
    rms = jnp.sqrt(
        jnp.sum(jnp.where(z[:, None] == components, (x[:, None] - mu) ** 2, 0.0), axis=0) / jnp.maximum(n, 1)
    )
    size = (
        1.5 * jnp.where(n > 0, jnp.minimum(rms / jnp.sqrt(2.0 * jnp.maximum(n, 1)), 5 * shape / rate), shape / rate)
        + 1e-3
    )

    def body(i, s):
        a, b, c = jax.random.split(jax.random.fold_in(key, i), 3)
        stretch = jnp.exp(1.5 * jax.random.normal(c, s.shape))  # sizes drawn independently of s: still symmetric
        new = s + size * stretch * jax.random.normal(a, s.shape)
        return jnp.where(jnp.log(jax.random.uniform(b, s.shape)) < log_p(new) - log_p(s), new, s)

    return jax.lax.fori_loop(0, 20, body, sigma)
