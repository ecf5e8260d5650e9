"""Expectation-maximization: fits, BIC, and what makes the log likelihood fall."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from scipy.stats import norm

from reference import em
from reference.data import BENTOS
from tests.reference.truths import DESIGNED
from tests.texts.printed import says


def fit(x, num_components: int, floor: float) -> float:
    """The log likelihood of the best of 30 fits."""
    keys = jax.random.split(jax.random.key(0), 30)

    def one(key):
        def iteration(parameters, _):
            weights, means, stds = em.m_step(x, em.e_step(x, *parameters)[0])
            return (weights, means, jnp.maximum(stds, floor)), None

        means = jax.random.choice(key, x, (num_components,), replace=False)
        start = jnp.full(num_components, 1 / num_components), means, jnp.full(num_components, jnp.std(x))
        return em.e_step(x, *jax.lax.scan(iteration, start, length=200)[0])[1]

    return float(jnp.nanmax(jax.vmap(one)(keys)))


def test_bic_of_the_bentos():
    x = jnp.array(BENTOS, float)
    one, two = (float(em.bic(fit(x, k, floor=0.5), k, len(x))) for k in (1, 2))
    says("em", f"BIC {one:.2f} with one component and {two:.2f} with two")


def test_fit_of_the_bentos():
    start = jnp.array([0.5, 0.5]), jnp.array([520.0, 340.0]), jnp.array([30.0, 30.0])
    weights, means, stds, log_likelihoods = em.fit_em(jnp.array(BENTOS, float), *start, 10)
    says("em", f"from about {log_likelihoods[0]:.0f} to {log_likelihoods[1]:.0f} in the first iteration")
    says("em", f"come out as {weights[0]:.1f} and {weights[1]:.1f}")
    # 425 g: hamburger has the larger spread, and the bento.
    assert stds[1] > stds[0]
    log_odds = jnp.diff(jnp.log(weights) + norm.logpdf(425, means, stds))[0]
    says("em", f"about $10^{{{-log_odds / np.log(10):.0f}}}$")
    says("em", f"near $e^{{{norm.logpdf(425, 500, 2):.0f}}}$")


def test_digits_and_the_small_example():
    heavy = BENTOS[BENTOS > 425].astype(float)
    says(
        "em",
        f"{np.mean(heavy**2):.2f} - {np.mean(heavy) ** 2:.0f}",
        f"steps of 1/{1 / np.spacing(np.float32(250_003)):.0f}",
    )
    says("em", f"the exact answer: {np.floor(np.var(heavy) * 1e6) / 1e6:.6f}")
    weights, means, stds = em.m_step(jnp.array([0.0, 2.0, 4.0]), jnp.array([[1, 0], [0.5, 0.5], [0, 1.0]]))
    says("em", f"1.5/3 = {weights[0]}", f"(0 + 1 + 0)/1.5 = {means[0]:.3f}", f"1.5 = {stds[0] ** 2:.3f}")


def test_a_floor_never_lowers_the_log_likelihood_and_a_constant_in_every_variance_does():
    x = jnp.array(DESIGNED["overlap"][0])

    def largest_fall(change: Callable) -> float:
        def iteration(parameters, _):
            resp, log_likelihood = em.e_step(x, *parameters)
            weights, means, stds = em.m_step(x, resp)
            return (weights, means, change(stds)), log_likelihood

        def one(key):
            means = jax.random.choice(key, x, (3,), replace=False)
            _, path = jax.lax.scan(iteration, (jnp.full(3, 1 / 3), means, jnp.full(3, 1.0)), length=300)
            return jnp.max(-jnp.diff(path))

        return float(jnp.max(jax.vmap(one)(jax.random.split(jax.random.key(0), 50))))

    assert largest_fall(lambda stds: jnp.maximum(stds, 0.6)) < 1e-12
    assert largest_fall(lambda stds: jnp.sqrt(stds**2 + 0.1)) > 1e-3
