"""The figure of a mixture: its truth is fine enough for comparison, and wrong figures fail."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import scipy

from autograder.grading.diagnosis import name_mistake
from tests.autograder.exercises import ways_to_draw_a_mixture as ways
from tests.autograder.exercises.judging import call, earned, exercises, passes, truth_of
from tests.autograder.trials import trials_of

mpl.use("agg")

[PLOT] = [exercise for exercise in exercises("categorization") if exercise.name == "plot_mixture"]

each_case = pytest.mark.parametrize("case", PLOT.cases, ids=lambda case: case.name)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@each_case
def test_the_truth_is_fine_enough_to_interpolate(case):
    weights, means, stds = (arg.astype(float) for arg in case.args)
    truth = truth_of(PLOT, case)
    low, high = truth["covers"]
    x = np.linspace(low, high, 100_003)
    parts = weights * scipy.stats.norm.pdf(x[:, None], means, stds)
    logs = np.log(weights) + scipy.stats.norm.logpdf(x[:, None], means, stds)
    exact = [parts.sum(axis=1), *parts.T, scipy.special.softmax(logs, axis=1)[:, 0]]

    assert low == np.min(means - 2.5 * stds)
    assert high == np.max(means + 2.5 * stds)
    for y, curve in zip(exact, truth["curves"].values(), strict=True):
        assert np.max(np.abs(np.interp(x, truth["x"], curve) - y)) < 1e-3 * np.max(y)


def draw(weights, means, stds, *, change=lambda curves, weights: curves, grid=None, labels=True, legend=True):
    """A right figure, unless the arguments change it."""
    x = np.linspace(*ways.reach(means, stds, 3), 500) if grid is None else grid(means, stds)
    parts, posterior = ways.parts_and_posterior(x, weights, means, stds)
    curves = {"p": parts.sum(axis=1), "0": parts[:, 0], "1": parts[:, 1], "posterior": posterior}
    figure, axes = plt.subplots()
    for name, y in change(curves, np.asarray(weights)).items():
        axes.plot(x, y, label=name)
    if labels:
        axes.set(xlabel="weight (g)", ylabel="density, probability")
    if legend:
        axes.legend()
    return figure


def figures(**options):
    return {case.name: call(lambda *args: draw(*args, **options), case) for case in PLOT.cases}


def unweighted(curves, weights):
    return curves | {"0": curves["0"] / weights[0], "1": curves["1"] / weights[1]}


def other_posterior(curves, weights):
    return curves | {"posterior": 1 - curves["posterior"]}


def unweighted_sum(curves, weights):
    return curves | {"p": curves["0"] / weights[0] + curves["1"] / weights[1]}


def without_prior(posterior, weights):
    first, second = posterior / weights[0], (1 - posterior) / weights[1]
    return first / (first + second)


def all_unweighted(curves, weights):
    return unweighted(curves, weights) | {
        "p": unweighted_sum(curves, weights)["p"],
        "posterior": without_prior(curves["posterior"], weights),
    }


WRONG = {
    "log densities": lambda c, w: {name: np.log(np.maximum(y, 1e-30)) for name, y in c.items()},
    "swapped weights": lambda c, w: c | {"0": c["0"] * w[1] / w[0], "1": c["1"] * w[0] / w[1]},
    "no components": lambda c, w: {"p": c["p"], "posterior": c["posterior"]},
    "no posterior": lambda c, w: {name: c[name] for name in ("p", "0", "1")},
    "hard posterior": lambda c, w: c | {"posterior": np.round(c["posterior"])},
    "posterior without prior": lambda c, w: c | {"posterior": without_prior(c["posterior"], w)},
    "nothing but zeros": lambda c, w: dict.fromkeys(c, np.zeros(500)),
}


def test_the_helper_draws_a_right_figure():
    assert earned(PLOT, figures()) == ["the figure"]


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_figure_fails(change):
    assert earned(PLOT, figures(change=change)) == []


@pytest.mark.parametrize("missing", ["labels", "legend"])
@each_case
def test_labels_and_a_legend_are_required(case, missing):
    assert not passes(PLOT, call(lambda *args: draw(*args, **{missing: False}), case), case)


KNOWN = {
    "components_unweighted": {"change": unweighted},
    "posterior_of_the_other": {"change": other_posterior},
    "marginal_unweighted": {"change": unweighted_sum},
    "densities_unweighted": {"change": lambda c, w: unweighted(c, w) | {"p": unweighted_sum(c, w)["p"]}},
    "weights_ignored": {"change": all_unweighted},
    "weights_exchanged": {"change": lambda c, w: c | {"0": c["0"] / w[0] * w[1], "1": c["1"] / w[1] * w[0]}},
    "posterior_without_prior": {"change": lambda c, w: c | {"posterior": without_prior(c["posterior"], w)}},
    "posterior_missing": {"change": lambda c, w: {name: c[name] for name in ("p", "0", "1")}},
    "marginal_missing": {"change": lambda c, w: {name: c[name] for name in ("posterior", "0", "1")}},
    "components_missing": {"change": lambda c, w: {name: c[name] for name in ("p", "posterior")}},
    "legend_swapped": {"change": lambda c, w: c | {"0": c["1"], "1": c["0"]}},
    "no_legend": {"legend": False},
    "no_labels": {"labels": False},
}


@pytest.mark.parametrize(
    ("name", "options"),
    [
        # Without --long, every third.
        pytest.param(name, options, id=name, marks=pytest.mark.long if number % 3 else ())
        for number, (name, options) in enumerate(KNOWN.items())
    ],
)
def test_a_known_mistake_fails_and_is_named(name, options):
    returned = figures(**options)
    mistake = name_mistake(PLOT, trials_of(PLOT, returned))

    assert earned(PLOT, returned) == []
    assert mistake is not None
    assert mistake.name == name


@pytest.mark.parametrize(
    ("name", "returns"),
    [
        ("nothing_returned", lambda figure: None),
        ("empty_returned", lambda figure: plt.figure()),
        ("axes_returned", lambda figure: figure.axes[0]),
        ("pyplot_returned", lambda figure: plt),
        ("pair_returned", lambda figure: (figure, figure.axes[0])),
    ],
)
def test_a_wrong_kind_of_result_is_named(name, returns):
    returned = {case.name: call(lambda *args: returns(draw(*args)), case) for case in PLOT.cases}
    mistake = name_mistake(PLOT, trials_of(PLOT, returned))

    assert mistake is not None
    assert mistake.name == name


# --- ways to draw ---


@pytest.mark.parametrize("way", ways.WAYS.values(), ids=ways.WAYS.keys())
def test_a_right_figure_passes_however_it_is_drawn(way):
    for case in PLOT.cases:
        assert PLOT.rule.compare(call(way, case), truth_of(PLOT, case)) is None


# The names give the components only by numbers that are not positions.
SILENT = ("named_by_their_parameters",)


@pytest.mark.parametrize("way", [name for name in ways.WAYS if name not in SILENT])
@pytest.mark.parametrize(
    ("order", "called"),
    [((0, 2, 1, 3), "component 1 “component 0”"), ((1, 0, 2, 3), "component 0 “p(x)”")],
    ids=["components", "p(x)"],
)
@pytest.mark.few_of_the_pairs
def test_names_of_other_curves_do_not_pass(way, order, called, monkeypatch):
    right = ways.curves

    def exchanged(*args, **options):
        x, *found = right(*args, **options)
        return x, *(found[i] for i in order)

    monkeypatch.setattr(ways, "curves", exchanged)
    case = PLOT.cases[1]
    mismatch = PLOT.rule.compare(call(ways.WAYS[way], case), truth_of(PLOT, case))

    assert mismatch is not None
    if way not in ("stacked_components", "coloured_by_the_posterior", "percent", "both_posteriors"):
        assert f"calls the curve of {called}" in mismatch.summary


def test_names_of_other_curves_are_quoted_only_where_numbers_may_be_shown():
    def drawn(*args):
        return draw(*args, change=lambda c, w: {"secret 0": c["1"], "1": c["0"], "p": c["p"], "P": c["posterior"]})

    mismatch = PLOT.rule.compare(call(drawn, PLOT.cases[0]), truth_of(PLOT, PLOT.cases[0]))

    assert mismatch is not None
    assert "secret" not in mismatch.summary
    assert "the legend calls the curve of component 1 “secret 0”" in mismatch.detail


@each_case
def test_points_that_leave_the_curve_out_prove_nothing(case):
    """Every curve is flat far from the means: points there lie on it, even if it is wrong in between."""

    def far_out(means, stds):
        low, high = ways.reach(means, stds, 7.9)
        return np.concatenate([np.linspace(low - 1e6, low, 100), np.linspace(high, high + 1e6, 100)])

    assert not passes(PLOT, call(lambda *args: draw(*args, grid=far_out), case), case)


def test_one_figure_for_every_case_earns_nothing():
    for memorised in figures().values():
        assert earned(PLOT, dict.fromkeys((case.name for case in PLOT.cases), memorised)) == []
