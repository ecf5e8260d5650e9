"""The distributions by which samplers are judged, compared with simulations."""

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from scipy import stats

from autograder.exercises import distributions, f32
from autograder.exercises.coffee import fit_coffee
from autograder.exercises.datasets import GRAMS, OVERLAP, THREE, TINY
from autograder.student.selfcheck.rules.conditional import Conditional
from autograder.student.selfcheck.rules.draws import Emissions, Marginal, Mixture
from autograder.student.selfcheck.rules.posterior import summaries
from autograder.student.selfcheck.values import Prior
from reference import exact
from reference.data import BENTOS, COFFEES

SETS = {"overlap": OVERLAP, "grams": GRAMS, "tiny": TINY, "three": THREE}


def known(x: np.ndarray, prior: Prior, num_samples: int = 500) -> dict[str, Any]:
    return distributions.posterior(None, x, prior, num_samples)


def whole(x: np.ndarray, prior: Prior) -> exact.Posterior:
    return distributions.exact_posterior(tuple(map(float, x)), tuple(tuple(map(float, row)) for row in prior))


# --- caffeine before any cup is seen ---


@pytest.mark.parametrize(
    ("locs", "scales"),
    [((80, 120, 160), (20, 20, 20)), ((150, 70, 100), (2, 4, 3)), ((125, 125, 125), (37.5, 37.5, 37.5)), ((90,), (1,))],
)
def test_predictive_levels_follow_their_distribution(locs, scales):
    rng, count = np.random.default_rng(0), 20_000
    expected = distributions.predictive(None, f32(*locs), f32(*scales), 7)
    k = rng.integers(0, len(locs), count)
    # A draw of pi ~ Dirichlet(1, ..., 1) for each level: on average, all blends are equally probable.
    levels = rng.normal(rng.normal(np.array(locs)[k], np.array(scales)[k]), rng.gamma(2, 1, count))

    assert expected["num_draws"] == 7
    assert np.all(np.diff(expected["cdf"]) >= 0)
    assert expected["cdf"][0] < 1e-5
    assert expected["cdf"][-1] > 1 - 1e-5
    residuals = np.interp(levels, expected["nodes"], expected["cdf"])
    assert stats.kstest(residuals, "uniform").pvalue > 1e-3


def test_the_predictive_distribution_suits_its_rule():
    rng = np.random.default_rng(1)
    levels = rng.normal(rng.normal(80, 20, (2000, 1)), rng.gamma(2, 1, (2000, 1)))

    assert Marginal("levels").compare(levels, distributions.predictive(None, f32(80), f32(20), 1)) is None
    assert Marginal("levels").compare(levels, distributions.predictive(None, f32(80), f32(23), 1)) is not None


# --- one parameter given the others ---


@pytest.mark.parametrize("name", SETS)
def test_exact_posterior_draws_follow_every_conditional(name):
    """In a joint draw, each part follows its own conditional: the truths agree with `reference.exact`."""
    data = SETS[name]
    pi, mu, sigma, z = data.draws(0, 2000)
    alpha, loc, scale, shape, rate = data.prior
    cases = {
        "categorical": (z, distributions.assignments(None, data.x, pi, mu, sigma)),
        "dirichlet": (pi, distributions.weights(None, z, alpha)),
        "normal": (mu, distributions.means(None, data.x, z, sigma, loc, scale)),
        "tabulated": (sigma, distributions.stds(None, data.x, z, mu, None, shape, rate)),
    }

    for family, (draws, expected) in cases.items():
        assert Conditional(family, family).compare(draws, expected) is None
        assert Conditional(family, family).compare(draws[::-1], expected) is not None


def test_the_spread_of_a_walk_is_that_of_independent_draws():
    x, z, prior = OVERLAP.x, np.array([0, 0, 1, 0, 1, 1, 1, 1]), OVERLAP.prior
    mu, start = f32(-1, 2), f32(1, 1.5)
    expected = distributions.moved_stds(None, x, z, mu, start, prior.shape, prior.rate)
    table = distributions.conditionals.stds(x, z, mu, prior.shape, prior.rate)
    draws = np.log(table.quantiles(np.random.default_rng(2).uniform(size=(20_000, 2))))

    np.testing.assert_array_equal(expected["start"], start)
    np.testing.assert_allclose(expected["spread"], draws.std(axis=0), rtol=0.03)


# --- whole models ---


def test_the_recipe_of_the_kitchen():
    rng = np.random.default_rng(3)
    labels = rng.choice(2, 4000, p=[0.7, 0.3])
    weights = rng.normal(np.array([500.0, 350.0])[labels], 2.0)

    assert Emissions(("weights", "labels")).compare((weights, labels), distributions.emitted(4000)) is None
    assert distributions.emitted(20, 5)["shape"].tolist() == [20, 5]


def test_a_simulated_world_uses_the_numbers_of_the_prior():
    expected = distributions.simulated(distributions.COFFEE_PRIOR, 4)
    rng = np.random.default_rng(4)
    pi = rng.dirichlet([1, 1, 1], 2000)
    mu, sigma = rng.normal([80, 120, 160], 20, (2000, 3)), rng.gamma(2, 1, (2000, 3))
    z = np.stack([rng.choice(3, 4, p=row) for row in pi])
    x = rng.normal(np.take_along_axis(mu, z, 1), np.take_along_axis(sigma, z, 1))

    assert Mixture().compare({"pi": pi, "mu": mu, "sigma": sigma, "z": z, "x": x}, expected) is None


# --- posteriors ---


@pytest.mark.parametrize("name", SETS)
def test_a_posterior_without_groups_has_one_expectation(name):
    data = SETS[name]
    expected = known(data.x, data.prior)

    truth = exact.summaries(whole(data.x, data.prior), expected["levels"], expected["watched"])
    np.testing.assert_array_equal(expected["low"], truth)
    np.testing.assert_array_equal(expected["high"], truth)
    np.testing.assert_allclose(expected["extremes"], whole(data.x, data.prior).extremes())


@pytest.mark.parametrize(
    ("x", "prior", "marks"),
    [
        (BENTOS, distributions.BENTO_PRIOR, (0, 1)),
        (COFFEES, distributions.COFFEE_PRIOR, (0, 1, 2)),
        (fit_coffee.UNBALANCED, distributions.COFFEE_PRIOR, (0, 1, 4)),
    ],
    ids=["bentos", "coffees", "unbalanced"],
)
def test_the_interval_holds_the_expectations_of_each_labelling(x, prior, marks):
    """For data in groups, one group for each component. `marks` has an observation of each group."""
    expected, everything = known(x, prior), whole(x, prior)
    each = []
    for labels in permutations(range(len(marks))):
        keep = np.all(everything.assignments[:, marks] == labels, axis=1)
        each.append(exact.summaries(everything.restricted(keep), expected["levels"], expected["watched"]))

    np.testing.assert_allclose(np.min(each, axis=0), expected["low"], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(np.max(each, axis=0), expected["high"], rtol=1e-6, atol=1e-9)
    average = exact.summaries(everything, expected["levels"], expected["watched"])
    assert np.all((average >= expected["low"] - 1e-9) & (average <= expected["high"] + 1e-9))


@pytest.mark.parametrize(
    "x",
    [
        pytest.param(fit_coffee.BETWEEN, id="between"),
        pytest.param(fit_coffee.DENSE, id="dense", marks=pytest.mark.long),
    ],
)
def test_the_interval_of_cups_between_groups_holds_the_average_of_all_draws(x):
    expected, everything = known(x, distributions.COFFEE_PRIOR), whole(x, distributions.COFFEE_PRIOR)

    average = exact.summaries(everything, expected["levels"], expected["watched"])
    assert np.all((average >= expected["low"] - 1e-9) & (average <= expected["high"] + 1e-9))
    assert np.any(expected["high"] - expected["low"] > 1e-6)
    mu_low, mu_high, sigma_low, sigma_high = expected["extremes"]
    drawn = everything.draw(np.random.default_rng(5), 20_000)
    assert np.all((drawn.mu > mu_low) & (drawn.mu < mu_high))
    assert np.all((drawn.sigma > sigma_low) & (drawn.sigma < sigma_high))


@pytest.mark.parametrize(
    "x", [BENTOS, COFFEES, fit_coffee.BETWEEN, OVERLAP.x], ids=["bentos", "coffees", "between", "few"]
)
def test_watched_observations_reach_from_the_lightest_to_the_heaviest(x):
    prior = {20: distributions.BENTO_PRIOR, 8: OVERLAP.prior}.get(len(x), distributions.COFFEE_PRIOR)
    expected = known(x, prior)
    watched = x[expected["watched"]]

    assert len(set(expected["watched"].tolist())) == min(len(x), 8)
    assert np.all(np.diff(watched) >= 0)
    assert (watched[0], watched[-1]) == (x.min(), x.max())
    assert np.all(np.diff(expected["levels"]) > 0)
    assert len(summaries(_constant(x, prior), x, expected["levels"], expected["watched"])[0]) == len(expected["low"])


def _constant(x: np.ndarray, prior: Prior) -> dict[str, np.ndarray]:
    k = len(prior.alpha)
    one = np.ones((1, 1, k))
    return {"pi": one / k, "mu": one, "sigma": one, "z": np.zeros((1, 1, len(x)), int)}


def test_the_caller_sets_the_number_of_draws():
    few, many = known(TINY.x, TINY.prior, 3), known(TINY.x, TINY.prior, 900)

    assert (few["num_samples"], many["num_samples"]) == (3, 900)
    assert few["low"] is many["low"]
    assert distributions.coffee_posterior(None, fit_coffee.BETWEEN, 5)["loc"].tolist() == [80, 120, 160]
