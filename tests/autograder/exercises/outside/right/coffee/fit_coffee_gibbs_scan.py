"""fit_coffee

Gibbs sampling in a scan, grid draw of sigma, and a move that exchanges two labels; start at the prior's order.
"""

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm

LOC = jnp.array([80.0, 120.0, 160.0])


def draw_sigma(key, n, ss):
    def f(u):
        return (2.0 - n) * u - jnp.exp(u) - ss / 2 * jnp.exp(-2 * u)

    coarse = jnp.linspace(-12.0, 10.0, 1101)
    live = f(coarse) > f(coarse).max() - 25.0
    grid = jnp.linspace(
        jnp.min(jnp.where(live, coarse, 99.0)) - 0.03, jnp.max(jnp.where(live, coarse, -99.0)) + 0.03, 801
    )
    p = jnp.exp(f(grid) - f(grid).max())
    cdf = jnp.concatenate([jnp.zeros(1), jnp.cumsum((p[1:] + p[:-1]) / 2)])
    return jnp.exp(jnp.interp(jax.random.uniform(key) * cdf[-1], cdf, grid))


def fit_coffee(key, x, num_samples):
    def sweep(state, key):
        pi, mu, sigma = state
        kz, kp, km, ks, k1, k2 = jax.random.split(key, 6)
        z = jax.random.categorical(kz, jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma))
        n = jnp.bincount(z, length=3)
        pi = jnp.maximum(jax.random.dirichlet(kp, 1.0 + n), 1e-30)
        lam = 1 / 400 + n / sigma**2
        mu = (LOC / 400 + jnp.bincount(z, x, length=3) / sigma**2) / lam + jax.random.normal(km, (3,)) / jnp.sqrt(lam)
        ss = jnp.bincount(z, (x - mu[z]) ** 2, length=3)
        sigma = jax.vmap(draw_sigma)(jax.random.split(ks, 3), n, ss)
        p = jax.random.permutation(k1, 3)
        gain = norm.logpdf(mu[p], LOC, 20.0).sum() - norm.logpdf(mu, LOC, 20.0).sum()
        p = jnp.where(jnp.log(jax.random.uniform(k2)) < gain, p, jnp.arange(3))
        state = pi[p], mu[p], sigma[p]
        return state, (*state, jnp.argsort(p)[z])

    spread = (jnp.max(x) - jnp.min(x)) / 12 + 1.0
    start = (jnp.full(3, 1 / 3), jnp.quantile(x, jnp.array([1 / 6, 1 / 2, 5 / 6])), jnp.full(3, spread))
    _, draws = jax.lax.scan(sweep, start, jax.random.split(key, 600 + 2 * num_samples))
    return {name: d[600::2] for name, d in zip(("pi", "mu", "sigma", "z"), draws)}
