"""gibbs

Eight chains: vmap of a scan over split keys; random starts at observations; the draws of all chains, cut to S.
"""

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm

CHAINS = 8


def gibbs(key, x, prior, num_samples):
    k = prior.alpha.shape[0]
    each = -(-num_samples // CHAINS)

    def sweep(state, key):
        pi, mu, sigma = state
        kz, kp, km, ks = jax.random.split(key, 4)
        z = jax.random.categorical(kz, jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma))
        member = (z[:, None] == jnp.arange(k)).astype(x.dtype)
        n = member.sum(axis=0)
        pi = jnp.maximum(jax.random.dirichlet(kp, prior.alpha + n), 1e-30)
        lam = 1 / prior.scale**2 + n / sigma**2
        mean = (prior.loc / prior.scale**2 + x @ member / sigma**2) / lam
        mu = mean + jax.random.normal(km, (k,)) / jnp.sqrt(lam)
        ss = ((x[:, None] - mu) ** 2 * member).sum(axis=0)

        def log_q(u):
            return (prior.shape - n) * u - prior.rate * jnp.exp(u) - 0.5 * ss * jnp.exp(-2 * u)

        def metropolis(u, key):
            a, b, c = jax.random.split(key, 3)
            size = jax.random.choice(c, jnp.array([0.1, 0.4, 1.5]))
            v = u + size * jax.random.normal(a, (k,))
            return jnp.where(jax.random.uniform(b, (k,)) < jnp.exp(jnp.minimum(log_q(v) - log_q(u), 0.0)), v, u), None

        u, _ = jax.lax.scan(metropolis, jnp.log(sigma), jax.random.split(ks, 9))
        new = (pi, mu, jnp.exp(u))
        return new, (*new, z)

    def chain(key):
        start, run = jax.random.split(key)
        mu = jnp.quantile(x, (jnp.arange(k) + jax.random.uniform(start, (k,))) / k)
        state = (jnp.full(k, 1.0 / k), mu, jnp.full(k, jnp.std(x) / 2 + 0.5))
        _, draws = jax.lax.scan(sweep, state, jax.random.split(run, 500 + 2 * each))
        return tuple(d[500::2] for d in draws)

    draws = jax.vmap(chain)(jax.random.split(key, CHAINS))
    names = ("pi", "mu", "sigma", "z")
    return {name: d.reshape(-1, *d.shape[2:])[:num_samples] for name, d in zip(names, draws)}
