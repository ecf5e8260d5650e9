"""Right answers to the density of log sigma, in different people's styles; their constants differ."""

import math

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.stats import norm
from scipy import stats

from .styles import lists, numpy32, numpy64, x64


def formula(u, count, squares, shape, rate):
    return (shape - count) * u - rate * jnp.exp(u) - squares / 2 * jnp.exp(-2 * u)


def in_numpy(u, count, squares, shape, rate):
    sigma = np.exp(u)
    return (shape - 1 - count) * np.log(sigma) - rate * sigma - squares / (2 * sigma**2) + u


def in_python(u, count, squares, shape, rate):
    return [(shape - count) * v - rate * math.exp(v) - squares / (2 * math.exp(v) ** 2) for v in u]


def by_scipy(u, count, squares, shape, rate):
    """The density with all its constants."""
    sigma = np.exp(np.asarray(u, float))
    return (
        stats.gamma.logpdf(sigma, shape, scale=1 / rate)
        + np.log(sigma)
        - count * np.log(sigma)
        - squares / 2 / sigma**2
    )


def by_representative_data(u, count, squares, shape, rate):
    """The likelihood of observations that have these sums of squares."""
    sigma = jnp.exp(u)
    deviations = jnp.full(count, jnp.sqrt(squares / max(count, 1)))
    likelihood = norm.logpdf(deviations[:, None], 0.0, sigma).sum(axis=0)
    return likelihood + jax.scipy.stats.gamma.logpdf(sigma * rate, shape) + u


def with_the_jacobian_from_a_derivative(u, count, squares, shape, rate):
    sigma, slope = jax.vmap(jax.value_and_grad(jnp.exp))(u)
    log_density = (shape - 1) * jnp.log(sigma) - rate * sigma - count * jnp.log(sigma) - squares / (2 * sigma**2)
    return log_density + jnp.log(slope)


def largest_is_0(u, count, squares, shape, rate):
    logs = formula(u, count, squares, shape, rate)
    return logs - logs.max()


LOG_STD_DENSITY = {
    "formula": formula,
    "formula, jitted": jax.jit(formula),
    "formula, 64 bits": x64(formula),
    "formula of the reference's terms, NumPy float32": numpy32(in_numpy),
    "NumPy float64": numpy64(in_numpy),
    "plain Python": lists(in_python),
    "SciPy": by_scipy,
    "observations with these squares": by_representative_data,
    "Jacobian from a derivative": with_the_jacobian_from_a_derivative,
    "largest is 0": largest_is_0,
    "one u at a time": lambda u, *rest: jnp.stack([formula(v, *rest) for v in u]),
}
