"""Expectation-maximization: fits, BIC, and what lowers the log likelihood."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import norm

from autograder.exercises.em import pictures
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


@pytest.mark.long
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


def test_the_runs_of_the_written_question():
    learning = pictures.numbers()["learning"]["log_likelihoods"]
    says("em", "C: " + ", ".join(f"{value:.1f}" for value in [*learning[:2], *learning[2:5]]))
    x = jnp.array(BENTOS, float)
    twins = em.fit_em(x, jnp.array([0.5, 0.5]), jnp.full(2, x.mean()), jnp.full(2, x.std()), 5)[3]
    says("em", "D: " + ", ".join(f"{value:.1f}" for value in twins))


def test_the_table_of_bounds_touches_and_rises():
    x = jnp.array(BENTOS, float)
    theta = jnp.array([0.5, 0.5]), jnp.array([430.0, 400.0]), jnp.array([60.0, 60.0])
    last = -np.inf
    for _ in range(10):
        resp, log_likelihood = em.e_step(x, *theta)
        assert abs(em.elbo(x, resp, *theta) - log_likelihood) < 1e-9
        assert log_likelihood >= last - 1e-9
        theta = em.m_step(x, resp)
        last = em.elbo(x, resp, *theta)
        assert last >= log_likelihood - 1e-9


def test_a_poor_guess_is_sure_of_the_labels():
    guess = jnp.array([0.5, 0.5]), jnp.array([520.0, 340.0]), jnp.array([30.0, 30.0])
    first, second = np.asarray(em.e_step(jnp.array([500.0, 430.0]), *guess)[0])[:, 0]
    assert first > 0.999  # "Also a poor guess can be sure of the labels, and right."
    assert second == 0.5


def test_the_pictures_are_those_of_the_reference():
    numbers = pictures.numbers()
    learning, bound = numbers["learning"], numbers["bound"]
    weights, means, stds = map(jnp.array, pictures.START)
    fit = em.fit_em(jnp.array(BENTOS, float), weights, means, stds, pictures.ITERATIONS)
    np.testing.assert_allclose(learning["means"][-1], fit[1], rtol=1e-9)
    np.testing.assert_allclose(learning["log_likelihoods"][:-1], fit[3], rtol=1e-6)
    assert np.all(bound["bounds"] <= bound["log_likelihood"] + 1e-6)
    weights, other, stds = pictures.SLICE
    for (mean, height), curve in zip(bound["touches"], bound["bounds"], strict=True):
        resp, log_likelihood = em.e_step(jnp.array(BENTOS, float), weights, jnp.array([mean, other]), stds)
        assert abs(height - log_likelihood) < 1e-5
        at = jnp.array([bound["mean"][40], other])
        assert abs(em.elbo(jnp.array(BENTOS, float), resp, weights, at, stds) - curve[40]) < 1e-5
    criteria = numbers["criteria"]
    assert [int(fits["num_components"][np.argmin(fits["bic"])]) for fits in criteria.values()] == [2, 3]
    assert abs(criteria["bentos"]["log_likelihoods"][1] - fit_of(2)) < 1e-4


def fit_of(num_components: int) -> float:
    return fit(jnp.array(BENTOS, float), num_components, floor=0.5)


def test_the_words_of_the_pictures():
    numbers = pictures.numbers()
    path, bound, limit = numbers["learning"], numbers["bound"], numbers["limit"]
    heights = path["log_likelihoods"]
    assert [round(heights[i]) for i in (0, 5, -1)] == [-117, -113, -54]
    assert np.abs(np.diff(heights)[1:5]).max() < 1  # "For five iterations nearly nothing happens."
    assert np.argmax(heights > heights[-1] - 1e-6) == 9  # "after nine iterations nothing moves any more"
    assert [round(mean) for mean in bound["touches"][:, 0]] == [420, 470, 488]
    assert [round(mean) for mean in bound["tops"][:2, 0]] == [470, 488]
    assert bound["mean"][np.argmax(bound["log_likelihood"])] == 495
    assert [round(float(p), 1) for p in limit["probabilities"][0, [0, -1]]] == [0.2, 0.8]
