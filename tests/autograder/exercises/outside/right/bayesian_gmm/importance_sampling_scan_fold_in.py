"""importance_sampling

lax.scan over particle numbers; each particle's key is folded in.
"""

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm


def importance_sampling(key, x, num_particles):
    def particle(carry, number):
        a, b, c, d = jax.random.split(jax.random.fold_in(key, number), 4)
        e = jax.random.exponential(a, (2,))
        pi = e / e.sum()
        mu = 400 + 50 * jax.random.normal(b, (2,))
        sigma = jax.random.exponential(c, (2, 2)).sum(axis=0)  # Gamma(2, 1)
        z = jax.random.bernoulli(d, pi[1], (len(x),)).astype(int)
        lw = jnp.sum(norm.logpdf(x, mu[z], sigma[z]))
        return carry, dict(pi=pi, mu=mu, sigma=sigma, z=z, log_weights=lw)

    return jax.lax.scan(particle, None, jnp.arange(num_particles))[1]
