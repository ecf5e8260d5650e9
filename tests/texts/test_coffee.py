"""Three blends: the exact posterior, and cups in between."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import softmax
from scipy.stats import norm

from autograder.exercises.coffee import pictures
from reference import coffee, exact
from reference.data import COFFEES
from tests.reference.truths import COFFEE_GROUPS, COFFEE_PRIOR
from tests.texts.printed import moments, says


def test_the_exact_posterior():
    rows = exact.grouped_assignments(COFFEE_GROUPS, 3)
    posterior = exact.posterior(COFFEES, COFFEE_PRIOR, rows)
    order = np.array(
        [[list(row)[i] for i in (0, 1, 2)] for row in rows]
    )  # the labels of a low, a medium and a high cup
    shares = {
        labels: posterior.probability[np.all(order == labels, axis=1)].sum()
        for labels in ((0, 1, 2), (1, 0, 2), (0, 2, 1))
    }
    says(
        "coffee",
        f"with probability {shares[0, 1, 2]:.3f}; with {shares[1, 0, 2]:.3f} and {shares[0, 2, 1]:.3f} two neighbours",
    )
    # The blends in the order of their means, whatever the labels.
    named = {}
    for labels, share in shares.items():
        part = moments(posterior.restricted(np.all(order == labels, axis=1)))
        for name in ("mu", "sigma"):
            mean, std = (values[list(labels)] for values in part[name])
            first, second = named.get(name, (0, 0))
            named[name] = first + share * mean, second + share * (std**2 + mean**2)
    total = sum(shares.values())
    for name, symbol in (("mu", "\\mu"), ("sigma", "\\sigma")):
        mean = named[name][0] / total
        std = np.sqrt(named[name][1] / total - mean**2)
        says(
            "coffee",
            f"| ${symbol}$ | " + " | ".join(f"{m:.2f} ± {s:.2f} mg" for m, s in zip(mean, std, strict=True)) + " |",
        )


def test_what_the_figure_of_the_cups_shows():
    groups = [COFFEES[np.array(COFFEE_GROUPS) == k] for k in range(3)]
    (low, medium, high) = ((cups.min(), cups.max()) for cups in groups)
    says(
        "coffee",
        f"Cups from {low[0]:.0f} to {low[1]:.0f} mg",
        f"those from {medium[0]:.0f} to {medium[1]:.0f} mg of the medium one",
        f"those from {high[0]:.0f} to {high[1]:.0f} mg of the high one",
        f"for each of the {len(COFFEES)} cups",
    )
    assert {len(cups) for cups in groups} == {10}  # "three bright squares on the diagonal, of ten cups each"
    # Change the assignment of the first cup of each group, and keep all others.
    for cup, own in enumerate(COFFEE_GROUPS[:3]):
        rows = np.array([COFFEE_GROUPS, COFFEE_GROUPS, COFFEE_GROUPS])
        rows[:, cup] = range(3)
        assert exact.posterior(COFFEES, COFFEE_PRIOR, rows).probability[own] > 0.9995  # "with probability 1"


def coffees_and(cup: float) -> tuple[exact.Posterior, np.ndarray, np.ndarray]:
    """The posterior with another cup, and the labels of the low and of the medium blend in each assignment."""
    rows = exact.grouped_assignments(COFFEE_GROUPS, 3)
    rows = np.concatenate([np.insert(rows, len(COFFEES), k, axis=1) for k in range(3)])
    return exact.posterior(np.append(COFFEES, cup), COFFEE_PRIOR, rows), rows[:, 0], rows[:, 1]


@pytest.mark.parametrize("cup", [95, 98, 99, 100])
def test_a_cup_in_between(cup):
    posterior, low, medium = coffees_and(cup)
    last = posterior.assignments[:, -1]
    p_low, p_medium = posterior.probability @ (last == low), posterior.probability @ (last == medium)
    says("coffee", f"| {cup} mg | {p_low:.3f} | {p_medium:.3f} |")
    if cup == 99:
        says("coffee", f"is P(low) = {p_low:.3f} and P(medium) = {p_medium:.3f}")
        says("coffee", f"The cup of 99 mg is P(low) = {p_low:.2f}, P(medium) = {p_medium:.2f}")


def test_the_spreads_of_the_two_explanations():
    posterior, low, medium = coffees_and(99)
    in_order = (low == 0) & (medium == 1)
    wide = [
        moments(posterior.restricted(in_order & (posterior.assignments[:, -1] == k)))["sigma"][0][k] for k in (0, 1)
    ]
    usual = moments(exact.posterior(COFFEES, COFFEE_PRIOR, np.array([COFFEE_GROUPS])))
    says(
        "coffee",
        f"near {wide[0]:.1f} mg, not {usual['sigma'][0][0]:.1f}",
        f"({wide[1]:.1f} mg, not {usual['sigma'][0][1]:.1f})",
    )
    mu, sigma = usual["mu"][0], usual["sigma"][0]
    says("coffee", f"{99 - mu[0]:.0f} mg above the mean of the one, {mu[1] - 99:.1f} mg below the mean of the other")
    assert (np.abs(99 - mu[:2]) / sigma[:2]).round().tolist() == [9, 8]  # "about 8 or 9 standard deviations"
    p = softmax(np.log(1 / 3) + norm.logpdf(99, mu, sigma))
    assert p[1] > 0.99  # "Almost certainly medium, if the parameters are exactly these"


def test_what_the_figure_of_the_predictions_shows():
    """A level has the mean of its blend's prior; its variance is the sum of 20 squared and E sigma^2 = 2 + 2^2."""

    def share(low, high, locs, scale):
        return np.mean(np.diff(norm.cdf([[low], [high]], locs, np.hypot(scale, np.sqrt(6))), axis=0))

    known = np.array([80, 120, 160])
    says("coffee", "the range from 50 to 200 mg shaded", "most between 70 and 170 mg", "most levels lie outside")
    assert share(50, 200, known, 20) > 0.95  # "nearly all levels lie in the range"
    assert share(70, 170, known, 20) > 0.7
    assert share(50, 200, np.full(3, 125), 1000) < 0.1


@pytest.mark.long
def test_a_prior_that_looks_modest():
    locs, scales = jnp.full(3, 125.0), jnp.full(3, 1000.0)
    says("coffee", f"about {norm.cdf(0, 125, np.hypot(1000, np.sqrt(6))):.0%}".replace("%", " %"))
    levels = coffee.prior_predictive(jax.random.key(0), locs, scales, 20_000)
    assert float(jnp.mean(levels < 0)) == pytest.approx(0.45, abs=0.015)


def test_the_picture_of_cups_in_between():
    numbers = pictures.numbers()["between"]
    at = {cup: np.argmin(np.abs(numbers["x"] - cup)) for cup in (95, 97.5, 98.5, 99, 102)}
    assert [round(float(numbers["exact"][at[cup]]), 2) for cup in (95, 99, 102)] == [0.99, 0.38, 0.01]
    assert numbers["held"][at[97.5]] > 0.95
    assert numbers["held"][at[98.5]] < 0.1  # "it drops from 1 to 0 within one mg"


@pytest.mark.long
def test_the_posterior_predictive_density_is_that_of_a_long_chain():
    numbers = pictures.numbers()["predictive"]
    x, density = numbers["x"], numbers["density"]
    assert np.trapezoid(density, x) == pytest.approx(1, abs=0.01)
    tops = x[1:-1][(density[1:-1] > density[:-2]) & (density[1:-1] > density[2:]) & (density[1:-1] > 0.01)]
    assert [round(float(top)) for top in tops] == [81, 119, 157]
    with jax.enable_x64(False):
        samples = coffee.fit_coffee(jax.random.key(0), jnp.array(COFFEES), 1000)
    drawn = np.mean(
        [
            (pi * norm.pdf(x[:, None], mu, sigma)).sum(axis=1)
            for pi, mu, sigma in zip(*(np.asarray(samples[name]) for name in ("pi", "mu", "sigma")), strict=True)
        ],
        axis=0,
    )
    assert np.max(np.abs(drawn - density)) < 0.01
