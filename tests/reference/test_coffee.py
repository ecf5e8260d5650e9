"""Three coffee blends: the reference against SciPy's densities, quadrature, exact posteriors and arithmetic."""

from typing import Any

import jax
import jax.numpy as jnp
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from arviz_stats.base.array import array_stats
from genjax import seed
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays as hypothesis_arrays
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from scipy.integrate import simpson
from scipy.stats import beta, gamma, norm

from reference import coffee
from reference.data import COFFEES
from tests.reference import truths
from tests.reference.truths import COFFEE_GROUPS, COFFEE_PRIOR, COFFEES_IN_ORDER, correlation, uniform, unrelated

mpl.use("agg")

NUM_DRAWS = 4000

prior_predictive = jax.jit(coffee.prior_predictive, static_argnames="num_draws")
fit_coffee = jax.jit(coffee.fit_coffee, static_argnames="num_samples")


# --- the program ---


@pytest.mark.parametrize(
    ("pi", "mu", "sigma", "z", "x"),
    [
        pytest.param((0.2, 0.5, 0.3), (85.0, 110.0, 150.0), (1.5, 3.0, 0.7), (2,), (151.0,), id="n = 1"),
        # As many observations as components: the shape would not reveal a wrong axis.
        pytest.param(
            (0.2, 0.5, 0.3), (75.0, 110.0, 99.0), (1.5, 3.0, 2.5), (1, 1, 0), (111.0, 107.5, 77.0), id="n = 3"
        ),
        pytest.param((0.4, 0.3, 0.3), (81.0, 119.0, 157.0), (2.0, 2.5, 2.25), COFFEE_GROUPS, COFFEES, id="coffees"),
    ],
)
def test_the_density_of_everything_is_that_of_scipy(pi, mu, sigma, z, x, rtol):
    choices = {"pi": pi, "mu": mu, "sigma": sigma, "z": z, "x": x}
    log_density, _ = coffee.coffee_gmm.assess({name: jnp.array(value) for name, value in choices.items()}, len(x))

    pi, mu, sigma, z, x = map(np.array, (pi, mu, sigma, z, x))
    truth = truths.log_density_of_everything(x.astype(float), COFFEE_PRIOR, pi, mu, sigma, z)
    assert np.shape(log_density) == ()
    np.testing.assert_allclose(log_density, truth, rtol=rtol)


def test_simulations_have_the_documented_addresses_and_follow_the_prior():
    draws = jax.vmap(lambda key: seed(lambda: coffee.coffee_gmm.simulate(2))(key).get_choices())(
        jax.random.split(jax.random.key(3), NUM_DRAWS)
    )
    shapes = {name: draw.shape[1:] for name, draw in draws.items()}
    assert shapes == {"pi": (3,), "mu": (3,), "sigma": (3,), "z": (2,), "x": (2,)}
    assert np.issubdtype(draws["z"].dtype, np.integer)
    pi, mu, sigma, z, x = (np.asarray(draws[name]) for name in ("pi", "mu", "sigma", "z", "x"))

    # Stick breaking of a Dirichlet: the shares of the remaining length are independent betas.
    columns = [beta.cdf(pi[:, 0], 1, 2), pi[:, 1] / (1 - pi[:, 0])]
    columns += [norm.cdf(mu[:, k], (80, 120, 160)[k], 20) for k in range(3)]
    columns += [gamma.cdf(sigma[:, k], 2) for k in range(3)]
    columns += [*norm.cdf(x, *(np.take_along_axis(of, z, axis=1) for of in (mu, sigma))).T]
    assert all(map(uniform, columns))
    assert unrelated(*columns)
    scores = [((z[:, 0] == k) - pi[:, k]) / np.sqrt(pi[:, k] * (1 - pi[:, k])) for k in range(3)]
    assert all(abs(score.mean()) < 4 / np.sqrt(NUM_DRAWS) for score in scores)
    assert all(abs(correlation(score, pi[:, k])) < 4 / np.sqrt(NUM_DRAWS) for k, score in enumerate(scores))


# --- the prior ---


def test_the_chosen_prior_meets_its_conditions(rtol):
    locs, scales = map(np.asarray, coffee.choose_mean_prior())

    assert locs.shape == scales.shape == (3,)
    assert locs.dtype == (np.float32 if rtol > 1e-6 else np.float64)
    assert np.all((locs >= 50) & (locs <= 200))
    assert np.all(scales > 0)
    levels = np.linspace(50, 200, 1501)
    assert np.all(np.any(np.abs(levels[:, None] - locs) <= 2.5 * scales, axis=1))
    assert np.mean(norm.cdf(200, locs, scales) - norm.cdf(50, locs, scales)) >= 0.5


@pytest.mark.parametrize(
    ("locs", "scales"),
    [
        pytest.param(*map(np.asarray, coffee.choose_mean_prior()), id="the chosen prior"),
        pytest.param(np.array([80.0, 120, 160]), np.full(3, 20.0), id="the tutorial's"),
        # Narrow enough to show sigma, and unequal enough to show which scale belongs to which loc.
        pytest.param(np.array([80.0, 100, 160]), np.array([0.5, 8, 2.0]), id="narrow and unequal"),
    ],
)
def test_predictions_follow_the_distribution_by_quadrature(locs, scales):
    levels = prior_predictive(jax.random.key(4), jnp.array(locs), jnp.array(scales), num_draws=NUM_DRAWS)
    levels = np.asarray(levels, float)

    # Every component has a third of the prior mass; given sigma, a level is normal about its loc.
    grid, sigma = np.linspace(levels.min(), levels.max(), 400), np.linspace(0, 40, 801)
    given_sigma = norm.cdf(grid[:, None, None], locs, np.hypot(scales, sigma[:, None])).mean(axis=2)
    u = np.interp(levels, grid, simpson(gamma.pdf(sigma, 2) * given_sigma, x=sigma, axis=1))
    assert levels.shape == (NUM_DRAWS,)
    assert uniform(u)
    # Each prediction has its own world: neighbours are independent.
    assert unrelated(u)


def test_another_key_gives_other_predictions():
    first, second, again = (
        prior_predictive(jax.random.key(number), *coffee.choose_mean_prior(), num_draws=NUM_DRAWS)
        for number in (1, 2, 1)
    )

    assert np.all(first != second)
    np.testing.assert_array_equal(first, again)


# --- the posterior ---


@pytest.fixture(scope="module")
def coffee_draws():
    return fit_coffee(jax.random.key(5), jnp.array(COFFEES), num_samples=4000)


def test_the_fit_has_the_documented_shapes(coffee_draws):
    shapes = {name: draw.shape for name, draw in coffee_draws.items()}

    assert shapes == {"pi": (4000, 3), "mu": (4000, 3), "sigma": (4000, 3), "z": (4000, 30)}
    np.testing.assert_allclose(np.sum(coffee_draws["pi"], axis=1), 1, rtol=1e-5)


def test_the_fit_agrees_with_the_exact_posterior_in_the_order_of_the_means(coffee_draws):
    mu = np.asarray(coffee_draws["mu"], float)
    order = np.argsort(mu, axis=1)

    for name, means in COFFEES_IN_ORDER.items():
        values = np.take_along_axis(np.asarray(coffee_draws[name], float), order, axis=1)
        assert np.max(np.abs(truths.batch_means_t(values, means))) < 4
    # Ten cups each, and alpha 1: 11/33.
    pi = np.take_along_axis(np.asarray(coffee_draws["pi"], float), order, axis=1)
    assert np.max(np.abs(truths.batch_means_t(pi, 1 / 3))) < 4


def test_the_fits_draws_are_worth_many_independent_ones(coffee_draws):
    for name in ("pi", "mu", "sigma"):
        for column in np.asarray(coffee_draws[name], float).T:
            size: Any = array_stats.ess(column[None], method="bulk")
            assert size > 50


@pytest.mark.long
def test_cups_between_two_blends_are_fitted_too(num_draws):
    # So few cups that a chain visits every assignment with noticeable weight.
    x = np.array([97.0, 101.0, 139.0])
    draws = fit_coffee(jax.random.key(6), jnp.array(x, jnp.float32), num_samples=num_draws)
    truth = truths.posterior(x, COFFEE_PRIOR)

    for name in ("pi", "mu", "sigma"):
        assert np.max(np.abs(truths.batch_means_t(draws[name], truth.expect(getattr(truth, name))))) < 5
    z = np.asarray(draws["z"])
    for k in range(3):
        likely = truth.membership[:, k] > 0.1
        assert np.max(np.abs(truths.batch_means_t(z[:, likely] == k, truth.membership[likely, k]))) < 5


# --- the posterior for each cup ---


@st.composite
def sample_dicts(draw):
    """Draws with distinct means, and each draw's labels permuted in some way."""
    num_samples, num_cups = 4, 5
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    samples = {
        "pi": rng.dirichlet(np.ones(3), num_samples),
        "mu": rng.permuted(np.arange(3) + rng.uniform(size=(num_samples, 3)) / 2, axis=1),
        "sigma": rng.gamma(2, size=(num_samples, 3)),
        "z": rng.integers(3, size=(num_samples, num_cups)),
    }
    if draw(st.booleans()):
        samples["log_weights"] = rng.normal(-1000, 2, num_samples)
    order = rng.permuted(np.tile(np.arange(3), (num_samples, 1)), axis=1)  # the old label of each new one
    renamed = {name: values.copy() for name, values in samples.items()}
    for s, old in enumerate(order):
        for name in ("pi", "mu", "sigma"):
            renamed[name][s] = samples[name][s][old]
        renamed["z"][s] = [list(old).index(k) for k in samples["z"][s]]
    return samples, renamed


def in_jax(samples):
    return {name: jnp.array(values) for name, values in samples.items()}


@given(sample_dicts())
def test_assignment_posteriors_do_not_depend_on_labels(drawn):
    samples, renamed = drawn
    with jax.enable_x64(True):
        value, other = (np.asarray(coffee.assignment_posterior(in_jax(draws))) for draws in (samples, renamed))

    weights = np.exp(samples.get("log_weights", np.zeros(len(samples["mu"]))) + 1000 * ("log_weights" in samples))
    truth = np.zeros((samples["z"].shape[1], 3))
    for weight, mu, z in zip(weights / weights.sum(), samples["mu"], samples["z"], strict=True):
        for i, k in enumerate(z):
            truth[i, np.sum(mu < mu[k])] += weight  # the number of blends with less caffeine
    np.testing.assert_allclose(value, truth, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(other, value, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(value.sum(axis=1), 1, rtol=1e-9)


def test_an_assignment_posterior_by_hand(rtol):
    samples = {
        "pi": [[0.5, 0.2, 0.3]] * 2,
        "mu": [[160.0, 80.0, 120.0], [80.0, 120.0, 160.0]],
        "sigma": [[2.0, 2.0, 2.0]] * 2,
        "z": [[1, 0], [0, 1]],
    }
    # The first cup is low in both draws; the second is high in one draw and medium in the other.
    np.testing.assert_allclose(coffee.assignment_posterior(in_jax(samples)), [[1, 0, 0], [0, 0.5, 0.5]], atol=rtol)

    samples["log_weights"] = [-1000.0, -1000.0 + np.log(3)]
    value = coffee.assignment_posterior(in_jax(samples))
    np.testing.assert_allclose(value, [[1, 0, 0], [0, 0.75, 0.25]], atol=10 * rtol)


def test_every_cup_of_the_tutorial_has_a_certain_blend(coffee_draws):
    # The sum of 4000 float32 weights is not quite 1.
    np.testing.assert_allclose(coffee.assignment_posterior(coffee_draws), np.eye(3)[COFFEE_GROUPS], atol=1e-4)
    together = COFFEE_GROUPS[:, None] == COFFEE_GROUPS
    np.testing.assert_array_equal(coffee.coassignment(coffee_draws["z"]), together)


@given(
    hypothesis_arrays(np.int64, st.just((4, 5)), elements=st.integers(0, 2)),
    st.permutations([0, 1, 2]),
)
def test_coassignments_are_symmetric_and_do_not_depend_on_names(z, names):
    renamed = z.copy()
    renamed[0] = np.array(names)[z[0]]  # in a single draw
    with jax.enable_x64(True):
        value, other = (np.asarray(coffee.coassignment(jnp.array(draws))) for draws in (z, renamed))

    truth = [
        [np.mean([a == b for a, b in zip(z[:, i], z[:, j], strict=True)]) for j in range(z.shape[1])]
        for i in range(z.shape[1])
    ]
    np.testing.assert_allclose(value, truth, rtol=1e-6)
    np.testing.assert_allclose(other, truth, rtol=1e-6)
    np.testing.assert_array_equal(value, value.T)
    assert np.all(np.diag(value) == 1)


def test_coassignments_by_hand():
    value = coffee.coassignment(jnp.array([[0, 0, 1], [0, 0, 0], [1, 1, 2], [2, 0, 2]]))

    assert value.tolist() == [[1, 0.75, 0.5], [0.75, 1, 0.25], [0.5, 0.25, 1]]


# --- the figure ---


def test_the_figure_has_a_point_for_each_cup_and_blend():
    x = jnp.array([80.0, 100.0, 121.0, 158.0])
    probabilities = jnp.array([[1, 0, 0], [0.45, 0.55, 0], [0, 0.9, 0.1], [0, 0, 1.0]])
    figure = coffee.plot_assignments(x, probabilities)
    plt.close(figure)

    assert isinstance(figure, Figure)
    [axes] = figure.axes
    points = {artist.get_label(): artist for artist in axes.collections if isinstance(artist, PathCollection)}
    assert list(points) == ["low", "medium", "high"]
    for k, artist in enumerate(points.values()):
        truth = np.stack([x, probabilities[:, k]], axis=1)
        np.testing.assert_allclose(np.asarray(artist.get_offsets()), truth, rtol=1e-6)
    low, high = axes.get_ylim()
    assert low < 0 < 1 < high


def test_the_figure_is_labelled():
    figure = coffee.plot_assignments(jnp.array([80.0, 120.0]), jnp.eye(3)[:2])
    plt.close(figure)

    [axes] = figure.axes
    assert "(mg)" in axes.get_xlabel()
    assert "P(" in axes.get_ylabel()
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["low", "medium", "high"]
