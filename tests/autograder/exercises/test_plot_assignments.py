"""The figure of the cups: right figures pass in any form, wrong figures fail, and known mistakes are named."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from autograder.grading.diagnosis import name_mistake
from tests.autograder.exercises import more_ways_to_draw_cups as more
from tests.autograder.exercises import ways_to_draw_cups as ways
from tests.autograder.exercises.judging import call, earned, exercises, truth_of
from tests.autograder.trials import trials_of

mpl.use("agg")

[PLOT] = [exercise for exercise in exercises("coffee") if exercise.name == "plot_assignments"]

WAYS = ways.WAYS | more.WAYS
each_way = pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def numbers(function):
    return lambda x, p: function(np.asarray(x), np.asarray(p))


def returned(function):
    return {case.name: call(numbers(function), case) for case in PLOT.cases}


def problem(function, case=PLOT.cases[0]) -> str | None:
    mismatch = PLOT.rule.compare(call(numbers(function), case), truth_of(PLOT, case))
    return mismatch and mismatch.summary


@each_way
def test_a_right_figure_passes_however_it_is_drawn(way):
    for case in PLOT.cases:
        assert problem(way, case) is None


@pytest.mark.few_of_the_pairs
@each_way
@pytest.mark.parametrize("columns", [(2, 1, 0), (1, 2, 0)], ids=["exchanged", "rotated"])
def test_names_of_other_blends_do_not_pass(way, columns):
    told = problem(lambda x, p: way(x, p[:, columns]))

    assert told is not None
    names = ["P(low)", "P(medium)", "P(high)"]
    for k, column in enumerate(columns):
        if k != column:
            assert f"calls the points of {names[column]} “{names[k]}”" in told


@pytest.mark.few_of_the_pairs
@each_way
@pytest.mark.parametrize(
    "wrong",
    [
        lambda x, p: (x, np.eye(3)[p.argmax(axis=1)]),
        lambda x, p: (x, p + np.array([0, 0.05, 0])),
        lambda x, p: (x, p[::-1]),
        lambda x, p: (x + 10, p),
        lambda x, p: (np.arange(len(x)), p),
        lambda x, p: (x[:-1], p[:-1]),
    ],
    ids=["most probable", "off", "other cups", "other levels", "numbers of cups", "one cup less"],
)
def test_other_points_do_not_pass(way, wrong):
    told = problem(lambda x, p: way(*wrong(x, p)))

    assert told is not None
    assert told.startswith("the points of ")


# --- known mistakes ---


def changed(change):
    def draw(x, p):
        figure = ways.scatter(x, p)
        change(figure.axes[0])
        return figure

    return draw


def without_legend(x, p):
    figure, axes = plt.subplots()
    axes.plot(x, p, "o")
    axes.set(xlabel="mg", ylabel="P")
    return figure


def labels_only(x, p):
    _, axes = plt.subplots()
    axes.scatter(x, p.argmax(axis=1), label="blend")
    return ways.labelled(axes)


def two_blends(x, p):
    _, axes = plt.subplots()
    axes.plot(x, p[:, :2], "o", label=["low", "medium"])
    return ways.labelled(axes)


def one_colour(x, p):
    _, axes = plt.subplots()
    axes.scatter(np.repeat(x, 3), p.ravel(), label="P(low), P(medium), P(high)")
    return ways.labelled(axes)


def other_order(x, p):
    figure, axes = plt.subplots()
    axes.plot(x, p, "o")
    axes.set(xlabel="caffeine", ylabel="probability")
    axes.legend(["high", "medium", "low"])
    return figure


KNOWN = [
    ("cup_numbers", lambda x, p: ways.scatter(np.arange(len(x)), p)),
    ("cup_numbers_from_one", lambda x, p: ways.stems(1 + np.arange(len(x)), p)),
    ("blends_for_levels", lambda x, p: ways.scatter(p.argmax(axis=1), p)),
    ("most_probable_only", lambda x, p: ways.bars_side_by_side(x, np.eye(3)[p.argmax(axis=1)])),
    ("labels_drawn", labels_only),
    ("logarithms_drawn", lambda x, p: ways.scatter(x, np.log(p))),
    ("percentages", lambda x, p: ways.scatter(x, 100 * p)),
    ("blends_normalised", lambda x, p: ways.scatter(x, p / p.sum(axis=0))),
    ("one_blend_missing", two_blends),
    ("legend_swapped", other_order),
    ("legend_swapped", lambda x, p: more.panel_for_each_blend(x, p[:, ::-1])),
    ("labels_exchanged", changed(lambda axes: axes.set(xlabel="probability", ylabel="caffeine (mg)"))),
    ("look_alike", one_colour),
    ("no_legend", without_legend),
    ("no_legend", changed(lambda axes: axes.get_legend().remove())),
    ("no_labels", changed(lambda axes: axes.set(xlabel="", ylabel=" "))),
    ("nothing_returned", lambda x, p: None),
    ("empty_returned", lambda x, p: ways.scatter(x, p) and plt.figure()),
    ("axes_returned", lambda x, p: ways.scatter(x, p).axes[0]),
    ("pyplot_returned", lambda x, p: ways.scatter(x, p) and plt),
    ("pair_returned", lambda x, p: (ways.scatter(x, p), "low")),
]


@pytest.mark.parametrize(
    ("name", "draw"),
    [
        # Without --long, every third.
        pytest.param(name, draw, id=name, marks=pytest.mark.long if number % 3 else ())
        for number, (name, draw) in enumerate(KNOWN)
    ],
)
def test_a_known_mistake_fails_and_is_named(name, draw):
    values = returned(draw)
    mistake = name_mistake(PLOT, trials_of(PLOT, values))

    assert earned(PLOT, values) == []
    assert mistake is not None
    assert mistake.name == name


def test_every_known_mistake_is_made_here():
    assert {name for name, _ in KNOWN} == {mistake.name for mistake in PLOT.mistakes}


@pytest.mark.parametrize(
    ("axis", "says"), [("x", "the x axis has no label"), ("y", "the y axis has no label")], ids=["x", "y"]
)
def test_a_missing_label_is_named(axis, says):
    assert problem(changed(lambda axes: axes.set(**{f"{axis}label": ""}))) == says
