"""gibbs

A scan whose step is vmapped over four chains, key in the carry; draws interleaved between chains.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm


class State(NamedTuple):
    pi: jax.Array
    mu: jax.Array
    sigma: jax.Array
    z: jax.Array


def gibbs(key, x, prior, num_samples):
    k = prior.loc.shape[0]

    def sweep(key, s):
        key_z, key_pi, key_mu, key_sigma = jax.random.split(key, 4)
        logits = jnp.log(s.pi) - jnp.log(s.sigma) - 0.5 * ((x[:, None] - s.mu) / s.sigma) ** 2
        z = jnp.argmax(logits + jax.random.gumbel(key_z, logits.shape), axis=1)
        n = jnp.bincount(z, length=k)
        pi = jnp.maximum(jax.random.dirichlet(key_pi, prior.alpha + n), 1e-30)
        lam = prior.scale**-2 + n / s.sigma**2
        mu = (prior.loc / prior.scale**2 + jnp.bincount(z, x, length=k) / s.sigma**2) / lam
        mu = mu + jax.random.normal(key_mu, (k,)) / jnp.sqrt(lam)
        squares = jnp.bincount(z, (x - mu[z]) ** 2, length=k)

        def log_q(u):
            return (prior.shape - n) * u - prior.rate * jnp.exp(u) - squares * jnp.exp(-2 * u) / 2

        u = jnp.log(s.sigma)
        for j, size in enumerate((2.0, 1.0, 0.5, 0.25, 0.12, 0.06)):
            a, b = jax.random.split(jax.random.fold_in(key_sigma, j))
            v = u + size * jax.random.uniform(a, (k,), minval=-1.0, maxval=1.0) * 2
            u = jnp.where(-jax.random.exponential(b, (k,)) < log_q(v) - log_q(u), v, u)
        return State(pi, mu, jnp.exp(u), z)

    def step(carry, _):
        key, states = carry
        key, sub = jax.random.split(key)
        states = jax.vmap(sweep)(jax.random.split(sub, 4), states)
        return (key, states), states

    mu = jnp.quantile(x, (jnp.arange(k) + 0.5) / k) * jnp.ones((4, 1))
    sigma = (jnp.std(x) * jnp.array([0.1, 0.25, 0.5, 1.0]) + 0.3)[:, None] * jnp.ones((4, k))
    start = State(jnp.full((4, k), 1 / k), mu, sigma, jnp.zeros((4, len(x)), int))
    (key, states), _ = jax.lax.scan(step, (key, start), length=500)
    _, draws = jax.lax.scan(step, (key, states), length=num_samples)
    return {name: d[::4].reshape(-1, d.shape[-1])[:num_samples] for name, d in draws._asdict().items()}
