"""Samplers as a beginner may write them: a Python loop over draws, nothing compiled. The cell of a notebook."""

from collections import namedtuple

import jax
import jax.numpy as jnp

Prior = namedtuple("Prior", "alpha loc scale shape rate")


def gibbs(key, x, prior, num_samples):
    k = len(prior.loc)
    pi, mu, sigma = jnp.full(k, 1 / k), jnp.quantile(x, (jnp.arange(k) + 0.5) / k), jnp.full(k, jnp.std(x) / k)
    draws = {"pi": [], "mu": [], "sigma": [], "z": []}
    for sweep in range(100 + num_samples):
        key, z_key, pi_key, mu_key, *sigma_keys = jax.random.split(key, 8)
        z = jax.random.categorical(z_key, jnp.log(pi) - jnp.log(sigma) - (x[:, None] - mu) ** 2 / (2 * sigma**2))
        member = z[:, None] == jnp.arange(k)
        counts = member.sum(axis=0)
        pi = jax.random.dirichlet(pi_key, prior.alpha + counts)
        precision = 1 / prior.scale**2 + counts / sigma**2
        total = prior.loc / prior.scale**2 + (x[:, None] * member).sum(axis=0) / sigma**2
        mu = total / precision + jax.random.normal(mu_key, (k,)) / jnp.sqrt(precision)
        squares = (member * (x[:, None] - mu) ** 2).sum(axis=0)
        for sigma_key, size in zip(sigma_keys, (0.3, 0.6, 1.0, 1.5), strict=True):
            step_key, accept_key = jax.random.split(sigma_key)
            new = sigma * jnp.exp(size * jax.random.normal(step_key, (k,)))
            log_ratio = (prior.shape - counts) * jnp.log(new / sigma) - prior.rate * (new - sigma)
            log_ratio = log_ratio - squares / 2 * (1 / new**2 - 1 / sigma**2)
            sigma = jnp.where(jnp.log(jax.random.uniform(accept_key, (k,))) < log_ratio, new, sigma)
        if sweep >= 100:
            for name, value in (("pi", pi), ("mu", mu), ("sigma", sigma), ("z", z)):
                draws[name].append(value)
    return {name: jnp.stack(values) for name, values in draws.items()}


def fit_coffee(key, x, num_samples):
    prior = Prior(jnp.ones(3), jnp.array([80.0, 120.0, 160.0]), jnp.full(3, 20.0), jnp.full(3, 2.0), jnp.ones(3))
    return gibbs(key, x, prior, num_samples)
