"""The steps of a Gibbs sampler for wrong variants: each argument replaces a part; the defaults are right."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.scipy.stats import norm


def assignments_variant(
    prior: Callable[[Any], Any] = jnp.log, power: float = 1.0, temper: float = 1.0, normalisation: bool = True
) -> Callable[..., Any]:
    def sample_assignments(key, x, pi, mu, sigma):
        stds = sigma**power
        density = -0.5 * ((x[:, None] - mu) / stds) ** 2 - (jnp.log(stds) if normalisation else 0.0)
        return jax.random.categorical(key, temper * (prior(pi) + density), axis=1)

    return sample_assignments


def argmax_assignments(key, x, pi, mu, sigma):
    return jnp.argmax(jnp.log(pi) + norm.logpdf(x[:, None], mu, sigma), axis=1)


def assignments_with_pi_shadowed(key, x, pi, mu, sigma):
    log_density = -0.5 * jnp.log(2 * pi * sigma**2) - 0.5 * ((x[:, None] - mu) / sigma) ** 2
    return jax.random.categorical(key, jnp.log(pi) + log_density, axis=1)


def means_variant(
    prior_precision: Callable[[Any], Any] = lambda scale: 1 / scale**2,
    data_precision: Callable[[Any, Any], Any] = lambda counts, sigma: counts / sigma**2,
    spread: Callable[[Any], Any] = lambda precision: 1 / jnp.sqrt(precision),
    center: Callable[[Any], Any] = lambda loc: loc,
    shared: bool = False,
) -> Callable[..., Any]:
    def sample_means(key, x, z, sigma, loc, scale):
        member = jax.nn.one_hot(z, len(loc))
        counts = member.sum(axis=0)
        average = (member * x[:, None]).sum(axis=0) / jnp.maximum(counts, 1)
        before, seen = prior_precision(scale), data_precision(counts, sigma)
        precision = before + seen
        mean = (before * center(loc) + seen * average) / precision
        noise = jax.random.normal(key) if shared else jax.random.normal(key, loc.shape)
        return mean + spread(precision) * noise

    return sample_means


def stds_variant(
    exponent: Callable[[Any, Any], Any] = lambda shape, counts: shape - counts,
    prior_rate: Callable[[Any], Any] = lambda rate: rate,
    squares_factor: float = 0.5,
    squares_power: float = 2.0,
    shared_accept: bool = False,
    always: bool = False,
    linear: bool = False,
    never: bool = False,
    center: bool = True,
    own: bool = True,
    accept: Callable[[Any, Any], Any] = lambda u, log_ratio: jnp.log(u) < log_ratio,
) -> Callable[..., Any]:
    def sample_stds(key, x, z, mu, sigma, shape, rate):
        member = jax.nn.one_hot(z, len(mu)) if own else jnp.ones((len(x), len(mu)))
        counts = member.sum(axis=0)
        squares = (member * (x[:, None] - (mu if center else x.mean())) ** 2).sum(axis=0)

        def log_target(s):
            likelihood = -squares_factor * squares / s**squares_power
            return exponent(shape, counts) * jnp.log(s) - prior_rate(rate) * s + likelihood

        step_key, accept_key = jax.random.split(key)
        noise = jax.random.normal(step_key, mu.shape)
        proposed = jnp.abs(sigma + 0.5 * noise) if linear else sigma * jnp.exp(0.7 * noise)
        u = jax.random.uniform(accept_key) if shared_accept else jax.random.uniform(accept_key, mu.shape)
        ratio = log_target(proposed) - log_target(sigma)
        ratio = ratio.sum() if shared_accept else ratio
        accepted = accept(u, ratio) | always
        return jnp.where(accepted & (not never), proposed, sigma)

    return sample_stds
