"""gibbs

lax.scan over split keys; Metropolis on log sigma; a move that swaps two labels; three sweeps for each draw.
"""

import jax
import jax.numpy as jnp
from jax.scipy.stats import dirichlet, gamma, norm


def gibbs(key, x, prior, num_samples):
    alpha, loc, scale, shape, rate = (jnp.asarray(p, jnp.float32) for p in prior)
    k, n, thin, burn = alpha.shape[0], x.shape[0], 3, 500

    def log_prior(pi, mu, sigma):
        return (
            jnp.sum((alpha - 1) * jnp.log(pi))
            + norm.logpdf(mu, loc, scale).sum()
            + gamma.logpdf(sigma, shape, scale=1 / rate).sum()
        )

    def sweep(state, key):
        pi, mu, sigma = state
        kz, kp, km, ks, kl = jax.random.split(key, 5)
        z = jax.random.categorical(kz, jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma))
        h = jax.nn.one_hot(z, k)
        c = h.sum(0)
        pi = jnp.maximum(jax.random.dirichlet(kp, alpha + c), 1e-30)
        lam = 1 / scale**2 + c / sigma**2
        mu = (loc / scale**2 + (h.T @ x) / sigma**2) / lam + jax.random.normal(km, (k,)) / jnp.sqrt(lam)
        ss = (h * (x[:, None] - mu) ** 2).sum(0)

        def log_q(u):
            return (shape - c) * u - rate * jnp.exp(u) - ss / 2 * jnp.exp(-2 * u)

        def step(u, key):
            a, b, d = jax.random.split(key, 3)
            size = jnp.where(jax.random.bernoulli(d), 2.4 / jnp.sqrt(2 * c + shape), 1.0)
            new = u + size * jax.random.normal(a, (k,))
            return jnp.where(jnp.log(jax.random.uniform(b, (k,))) < log_q(new) - log_q(u), new, u), None

        sigma = jnp.exp(jax.lax.scan(step, jnp.log(sigma), jax.random.split(ks, 6))[0])
        k1, k2 = jax.random.split(kl)
        p = jax.random.permutation(k1, k)
        gain = log_prior(pi[p], mu[p], sigma[p]) - log_prior(pi, mu, sigma)
        ok = jnp.log(jax.random.uniform(k2)) < gain
        pi, mu, sigma = (jnp.where(ok, v[p], v) for v in (pi, mu, sigma))
        z = jnp.where(ok, jnp.argsort(p)[z], z)
        return (pi, mu, sigma), {"pi": pi, "mu": mu, "sigma": sigma, "z": z}

    start = (jnp.full(k, 1 / k), jnp.quantile(x, (jnp.arange(k) + 0.5) / k), jnp.full(k, jnp.std(x) / k + 0.5))
    keys = jax.random.split(key, burn + thin * num_samples)
    _, draws = jax.lax.scan(sweep, start, keys)
    return {name: value[burn::thin] for name, value in draws.items()}
