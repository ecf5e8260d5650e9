"""Known parameters: the reference against SciPy, root finding, integration and theory."""

import jax
import jax.numpy as jnp
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.special import logsumexp, softmax
from scipy.stats import norm

from reference import categorization

mpl.use("agg")

POINTS = (-2.1, -1.2, -0.4, 0.3, 0.8, 1.5, 2.7, 3.4)
TABLE = (498.0, 352.0, 425.0, 424.9, 425.1, 349.0, 1e6, -1e6)
RECIPE = ((0.7, 0.3), (500.0, 350.0), (2.0, 2.0))
SETTINGS = {
    "one component": (POINTS, (1.0,), (0.5,), (4.0,)),
    "overlapping": (POINTS, (0.6, 0.4), (-1.0, 2.0), (1.0, 1.5)),
    "three components": (POINTS, (0.2, 0.5, 0.3), (-2.0, 0.5, 3.0), (1.0, 0.8, 1.25)),
    "bentos": (TABLE, *RECIPE),
    "bentos, unequal spreads": (TABLE, (0.4, 0.6), (500.0, 350.0), (3.0, 1.5)),
}
# The tutorial's clusters problem: means -1 and 1, variances 1/2 and 2.
CLUSTERS = ((-1.0, 1.0), (0.5**0.5, 2**0.5))

settings = pytest.mark.parametrize("setting", SETTINGS.values(), ids=SETTINGS.keys())

positions = st.floats(-50, 50)
spreads = st.floats(0.1, 10)
shares = st.floats(0.02, 0.98).map(lambda share: (share, 1 - share))


def arrays(*values):
    """JAX arrays in the current precision."""
    return tuple(jnp.array(value) for value in values)


def exact(*arrays):
    """The same numbers in float64, after the rounding that the reference sees."""
    return tuple(np.asarray(array, np.float64) for array in arrays)


def log_joint(x, weights, means, stds):
    return np.log(weights) + norm.logpdf(x[:, None], means, stds)


def log_odds(x, weights, means, stds):
    """Log odds of the first of two components."""
    first, second = np.log(weights) + norm.logpdf(x, means, stds)
    return first - second


# --- densities and responsibilities ---


@settings
def test_log_densities_are_those_of_scipy(setting, rtol):
    x, _, means, stds = arrays(*setting)

    value = categorization.component_log_density(x, means, stds)

    wide, *parameters = exact(x, means, stds)
    np.testing.assert_allclose(value, norm.logpdf(wide[:, None], *parameters), rtol=rtol)


@settings
def test_responsibilities_are_bayes_rule_on_scipys_densities(setting, rtol):
    args = arrays(*setting)

    value = categorization.responsibilities(*args)

    # At 425 g the log densities are near -705, so float32 leaves an error of up to 1e-4 in their difference.
    np.testing.assert_allclose(value, softmax(log_joint(*exact(*args)), axis=1), atol=10 * rtol)
    np.testing.assert_allclose(np.sum(value, axis=1), 1, rtol=rtol)


@settings
def test_the_marginal_adds_up_scipys_densities(setting, rtol):
    args = arrays(*setting)

    value = categorization.marginal_density(*args)

    # float32 holds nothing below 1e-38.
    truth = np.exp(logsumexp(log_joint(*exact(*args)), axis=1))
    np.testing.assert_allclose(value, truth, rtol=rtol, atol=0 if value.dtype == np.float64 else 1e-37)


@pytest.mark.usefixtures("rtol")
def test_a_bento_of_425_g_is_decided_by_the_prior():
    value = categorization.responsibilities(*arrays([425.0, 424.9, 425.1], *RECIPE))

    # Likelihood ratio at 425 -+ d: exp(-+ 37.5 d), that is .0235 and 42.5 at d = .1; prior odds 7/3.
    np.testing.assert_allclose(value[:, 0], [0.70, 0.052, 0.990], atol=5e-4)


@pytest.mark.parametrize("setting", [SETTINGS["overlapping"], SETTINGS["three components"]], ids=["two", "three"])
def test_the_marginal_integrates_to_one_and_each_part_to_its_weight(setting):
    _, weights, means, stds = setting
    with jax.enable_x64(True):
        parameters = arrays(weights, means, stds)
        density = jax.jit(lambda x: categorization.marginal_density(x[None], *parameters)[0])
        parts = jax.jit(lambda x: categorization.responsibilities(x[None], *parameters)[0] * density(x))
        total, _ = quad(lambda x: float(density(x)), -40.0, 40.0, points=means)
        shares = [quad(lambda x, k=k: float(parts(x)[k]), -40.0, 40.0, points=means)[0] for k in range(len(weights))]

    assert total == pytest.approx(1, abs=1e-8)
    assert shares == pytest.approx(weights, abs=1e-8)


@given(st.lists(st.floats(-1e6, 1e6), min_size=4, max_size=4), st.tuples(positions, positions), shares, spreads)
def test_rows_sum_to_one_for_observations_at_any_distance(x, means, weights, std):
    value = categorization.responsibilities(*arrays(x, weights, means, (std, 3 * std)))

    assert np.all(np.isfinite(value))
    np.testing.assert_allclose(np.sum(value, axis=1), 1, rtol=1e-6)


@pytest.mark.usefixtures("rtol")
def test_permuting_the_components_permutes_the_answer():
    x, *parameters = arrays(*SETTINGS["three components"])
    order = jnp.array([2, 0, 1])
    permuted = [parameter[order] for parameter in parameters]

    value = categorization.responsibilities(x, *permuted)
    density = categorization.marginal_density(x, *permuted)

    np.testing.assert_allclose(value, categorization.responsibilities(x, *parameters)[:, order], rtol=1e-6)
    np.testing.assert_allclose(density, categorization.marginal_density(x, *parameters), rtol=1e-6)


# --- decision boundaries ---


def extreme_point(means, stds):
    """The point where the derivative of the log odds of two components with different spreads is 0."""
    return np.diff(means / stds**2)[0] / np.diff(1 / stds**2)[0]


def roots_by_search(weights, means, stds):
    """Sign changes of SciPy's log odds, by bracketing on both sides of their extreme point."""

    def odds(x):
        return log_odds(x, weights, means, stds)

    if stds[0] == stds[1]:  # a straight line
        return np.array([brentq(odds, np.mean(means) - 1e6, np.mean(means) + 1e6, xtol=1e-12)])
    start = extreme_point(means, stds)
    roots = []
    for step in (-1.0, 1.0):
        reach = np.max(stds)
        while odds(start) * odds(start + step * reach) > 0 and reach < 1e12:
            reach *= 2
        if odds(start) * odds(start + step * reach) < 0:
            roots.append(brentq(odds, start, start + step * reach, xtol=1e-12))
    return np.sort(roots)


@example((0.7, 0.3), (500.0, 350.0), 2.0, 1.0)
@example((0.7, 0.3), (500.0, 350.0), 2.0, 1 + 1e-4)
@example((0.7, 0.3), (500.0, 350.0), 2.0, 1 + 1e-6)
@example((0.7, 0.3), (350.0, 500.0), 2.0, 1 + 1e-6)
@example((0.95, 0.05), (0.0, 1.0), 2.0, 0.75)
@given(shares, st.tuples(positions, positions), spreads, st.one_of(st.just(1.0), st.floats(0.1, 10)))
def test_boundaries_are_the_roots_of_scipys_log_odds(weights, means, std, ratio):
    parameters = np.array(weights), np.array(means), np.array([std, std * ratio])
    # If bells almost coincide or curves almost touch, rounding decides whether there is a root.
    assume(abs(means[0] - means[1]) > 1e-3)
    assume(ratio == 1 or abs(log_odds(extreme_point(*parameters[1:]), *parameters)) > 1e-3)

    with jax.enable_x64(True):
        value = categorization.decision_boundaries(*arrays(*parameters))

    np.testing.assert_allclose(value, roots_by_search(*parameters), rtol=1e-6, atol=1e-6)


@given(shares, st.tuples(positions, positions), spreads, st.floats(0.2, 5))
def test_both_components_are_equally_probable_at_a_boundary(weights, means, std, ratio):
    assume(abs(means[0] - means[1]) > 0.1)
    with jax.enable_x64(True):
        parameters = arrays(weights, means, (std, std * ratio))
        boundaries = categorization.decision_boundaries(*parameters)
        value = categorization.responsibilities(boundaries, *parameters)

    np.testing.assert_allclose(value, 0.5, atol=1e-6)


@pytest.mark.usefixtures("rtol")
@pytest.mark.parametrize(
    ("weights", "means", "stds", "boundaries"),
    [
        pytest.param((0.5, 0.5), *CLUSTERS, [-3.310, -0.023], id="clusters, even weights"),
        pytest.param((0.75, 0.25), *CLUSTERS, [-3.708, 0.375], id="clusters, weight 3/4"),
        # log 3 = 2x: the line through the midpoint of means -1 and 1, unit variances.
        pytest.param((0.75, 0.25), (-1.0, 1.0), (1.0, 1.0), [0.549], id="equal unit variances"),
        # 425 - log(7/3) * 4 / 150
        pytest.param(*RECIPE, [424.9774], id="bentos"),
        pytest.param((0.8, 0.2), (2.0, 2.0), (1.0, 1.0), [], id="the same bell, unequal weights"),
        pytest.param((0.95, 0.05), (0.0, 1.0), (2.0, 1.5), [], id="one component wins everywhere"),
        # 2 log 3 * 9/8 = x^2: symmetric about the common mean.
        pytest.param((0.5, 0.5), (0.0, 0.0), (1.0, 3.0), [-1.5722, 1.5722], id="equal means"),
        # Peaks of equal height: the joint densities touch at the common mean and nowhere else.
        pytest.param((0.25, 0.75), (4.0, 4.0), (1.0, 3.0), [4.0], id="touching"),
    ],
)
def test_known_boundaries(weights, means, stds, boundaries):
    value = categorization.decision_boundaries(*arrays(weights, means, stds))

    assert value.shape == (len(boundaries),)
    np.testing.assert_allclose(value, boundaries, atol=6e-4)


@given(shares, st.tuples(positions, positions), spreads, st.floats(0.2, 5))
def test_float32_loses_little_of_a_boundary(weights, means, std, ratio):
    assume(abs(means[0] - means[1]) > 0.1)
    single = tuple(np.array(value, np.float32) for value in (weights, means, (std, std * ratio)))
    assume(abs(ratio - 1) > 0.05)
    truth = roots_by_search(*exact(*single))
    # Two nearly equal roots are ill-conditioned.
    assume(len(truth) == 2 and truth[1] - truth[0] > 0.1)

    value = categorization.decision_boundaries(*arrays(*single))

    np.testing.assert_allclose(value, truth, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("means", [(500.0, 350.0), (350.0, 500.0)], ids=["falling", "rising"])
def test_float32_keeps_the_near_boundary_of_nearly_equal_spreads(means):
    # The far root lies 3e5 g away; subtracting near-equal numbers would lose the near one.
    single = tuple(np.array(value, np.float32) for value in ((0.7, 0.3), means, (2.0, 2.001)))

    value = categorization.decision_boundaries(*arrays(*single))

    near = np.argmin(np.abs(value - 425))
    np.testing.assert_allclose(value[near], roots_by_search(*exact(*single))[near], atol=1e-3)


# --- modes ---


def modes_on_a_grid(weights, means, stds):
    """Strict local maxima of SciPy's log density on a dense grid from mean to mean, and slightly beyond."""
    margin = np.min(stds)
    x = np.linspace(np.min(means) - margin, np.max(means) + margin, 8001)
    p = logsumexp(log_joint(x, weights, means, stds), axis=1)
    return int(np.sum((p[1:-1] > p[:-2]) & (p[1:-1] > p[2:])))


@given(shares, st.tuples(st.floats(-8, 8), st.floats(-8, 8)), st.floats(0.2, 4), st.floats(0.2, 4))
def test_modes_are_those_of_a_dense_grid(weights, means, first, second):
    stds = np.array([first, second])
    # Near the threshold, rounding decides: leave out mixtures whose result changes with a change of 3 %.
    counts = {modes_on_a_grid(np.array(weights), np.array(means), stds * factor) for factor in (0.97, 1, 1.03)}
    assume(len(counts) == 1)

    for x64 in (False, True):
        with jax.enable_x64(x64):
            assert {categorization.count_modes(*arrays(weights, means, stds))} == counts


@example(2.01, 7.3, 1.0)
@given(st.one_of(st.floats(0.01, 1.95), st.floats(2.05, 40)), st.floats(-500, 500), st.floats(0.5, 10))
def test_equal_bells_have_two_modes_beyond_two_standard_deviations(distance, middle, std):
    half = distance * std / 2

    for x64 in (False, True):
        with jax.enable_x64(x64):
            value = categorization.count_modes(*arrays((0.5, 0.5), (middle + half, middle - half), (std, std)))
            assert value == (2 if distance > 2 else 1)


@given(shares, st.floats(0, 1.95), spreads, st.floats(1, 10))
def test_within_twice_the_smaller_spread_there_is_one_mode_for_any_weights(weights, distance, std, ratio):
    # Behboodian (1970), theorem 2.
    value = categorization.count_modes(*arrays(weights, (0.0, distance * std), (std, std * ratio)))

    assert value == 1


@pytest.mark.usefixtures("rtol")
@pytest.mark.parametrize(
    ("weights", "means", "stds", "modes"),
    [
        pytest.param(*RECIPE, 2, id="bentos"),
        pytest.param((0.25, 0.75), *CLUSTERS, 2, id="clusters, weight 1/4"),
        pytest.param((0.5, 0.5), *CLUSTERS, 1, id="clusters, even weights"),
        pytest.param((0.75, 0.25), *CLUSTERS, 1, id="clusters, weight 3/4"),
        pytest.param((0.3, 0.7), (2.0, 2.0), (1.0, 3.0), 1, id="equal means"),
        pytest.param((0.5, 0.5), (0.0, 3000.0), (1.0, 1.0), 2, id="far apart"),
    ],
)
def test_known_mode_counts(weights, means, stds, modes):
    value = categorization.count_modes(*arrays(weights, means, stds))
    swapped = categorization.count_modes(*arrays(weights[::-1], means[::-1], stds[::-1]))

    assert type(value) is int
    assert value == swapped == modes


# --- the figure ---


@pytest.mark.parametrize("parameters", [RECIPE, ((0.6, 0.4), (-1.0, 2.0), (1.0, 1.5))], ids=["bentos", "overlapping"])
def test_the_figure_has_scipys_curves(parameters):
    weights, means, stds = map(np.array, parameters)
    figure = categorization.plot_mixture(*arrays(*parameters))
    lines = {line.get_label(): line for axes in figure.axes for line in axes.lines}
    plt.close(figure)

    for label, curve in {
        "p(x)": lambda x: np.exp(log_joint(x, weights, means, stds)).sum(axis=1),
        "component 0": lambda x: weights[0] * norm.pdf(x, means[0], stds[0]),
        "component 1": lambda x: weights[1] * norm.pdf(x, means[1], stds[1]),
        "P(c = 0 given x)": lambda x: softmax(log_joint(x, weights, means, stds), axis=1)[:, 0],
    }.items():
        x = np.asarray(lines[label].get_xdata(), float)
        assert x.min() <= np.min(means - 3 * stds)
        assert x.max() >= np.max(means + 3 * stds)
        assert np.max(np.diff(x)) < np.min(stds) / 10
        np.testing.assert_allclose(np.asarray(lines[label].get_ydata()), curve(x), rtol=1e-4, atol=1e-4)


def test_the_figure_is_labelled():
    figure = categorization.plot_mixture(*arrays(*RECIPE))
    plt.close(figure)

    assert isinstance(figure, Figure)
    for axes in figure.axes:
        assert "(g)" in axes.get_xlabel()
        assert axes.get_ylabel()
        legend = axes.get_legend()
        assert legend is not None
        assert [text.get_text() for text in legend.get_texts()] == [line.get_label() for line in axes.lines]
