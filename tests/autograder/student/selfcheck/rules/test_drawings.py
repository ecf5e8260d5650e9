import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from autograder.student.selfcheck.rules.drawings import Curves, Points, changed, changes
from autograder.student.selfcheck.rules.mismatch import Mismatch
from autograder.student.selfcheck.values import plain

mpl.use("agg")

GRID = np.linspace(-5, 5, 4001)
CURVES = {"bell": np.exp(-(GRID**2) / 2), "step": 1 / (1 + np.exp(-4 * GRID))}
EXPECTED = {"x": GRID, "curves": CURVES, "covers": np.array([-2.5, 2.5])}


def bell(x):
    return np.exp(-(x**2) / 2)


def step(x):
    return 1 / (1 + np.exp(-4 * x))


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def compare(figure) -> Mismatch | None:
    return Curves().compare(plain(figure), EXPECTED)


def labelled(*axes):
    for axis in axes:
        axis.set(xlabel="x", ylabel="y")
        axis.legend()
    return axes[0].figure


def one_axes(x):
    _, axes = plt.subplots()
    axes.plot(x, bell(x), "--", label="bell")
    axes.plot(x, step(x), ":", label="step")
    return labelled(axes)


def two_panels(x):
    _, (top, bottom) = plt.subplots(2, 1)
    top.plot(x, bell(x), label="bell")
    bottom.plot(x, step(x), label="step")
    return labelled(top, bottom)


def twin_axes(x):
    figure, axes = plt.subplots()
    twin = axes.twinx()
    axes.plot(x, bell(x), label="bell")
    twin.plot(x, step(x), label="step")
    axes.set(xlabel="x", ylabel="y")
    twin.set(ylabel="P")
    figure.legend()
    return figure


def with_decoration(x):
    figure = one_axes(x)
    figure.axes[0].axvline(0.0)
    figure.axes[0].fill_between(x, bell(x), alpha=0.2)
    figure.axes[0].scatter([0, 1], [0, 0])
    return figure


@pytest.mark.parametrize("draw", [one_axes, two_panels, twin_axes, with_decoration], ids=lambda draw: draw.__name__)
@pytest.mark.parametrize("x", [np.linspace(-5, 5, 100), np.linspace(-9, 7, 2001), np.linspace(-5, 5, 500)[::-1]])
def test_a_figure_passes_in_any_style(draw, x):
    assert compare(draw(x)) is None


def problem(figure) -> str:
    mismatch = compare(figure)
    assert mismatch is not None
    return mismatch.summary


def detail(figure) -> str:
    mismatch = compare(figure)
    assert mismatch is not None
    return mismatch.detail


def test_a_missing_curve_is_named():
    _, axes = plt.subplots()
    axes.plot(GRID, bell(GRID), label="bell")

    figure = labelled(axes)
    assert problem(figure) == "the curve of step is missing"
    assert detail(figure) == "the curve of step is missing (1 line of at least 50 points found)"


def test_lines_with_too_few_points_are_counted():
    _, axes = plt.subplots()
    axes.plot(GRID[::200], bell(GRID[::200]), label="bell")
    axes.plot(GRID, step(GRID), label="step")

    assert detail(labelled(axes)) == ("the curve of bell is missing (1 line of at least 50 points found, 1 with fewer)")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda x: 2.5 * bell(x), "a line shows 2.5 times bell"),
        (lambda x: np.where(x > 1, 0.5, bell(x)), "a line follows bell, but not from 1.003 to 5"),
        (lambda x: np.where((x > 1) & (x < 2), np.nan, bell(x)), "a line follows bell, but not from 1.003 to 1.998"),
        (lambda x: x**2, None),
        (lambda x: np.full_like(x, np.nan), None),
    ],
    ids=["times", "a stretch", "a gap", "another", "nan"],
)
def test_a_line_that_comes_close_is_described(wrong, says):
    _, axes = plt.subplots()
    axes.plot(GRID, wrong(GRID), label="bell")
    axes.plot(GRID, step(GRID), label="step")

    found = "the curve of bell is missing (2 lines of at least 50 points found"
    assert detail(labelled(axes)) == (f"{found}; {says})" if says else f"{found})")


def test_a_line_that_ends_too_soon_is_described():
    assert detail(one_axes(np.linspace(-2, 2, 200))).endswith(
        "(2 lines of at least 50 points found; a line follows bell, but not all the way from -2.5 to 2.5; "
        "a line follows step, but not all the way from -2.5 to 2.5)"
    )


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x: 2 * bell(x),
        lambda x: bell(x - 0.1),
        lambda x: -(x**2) / 2,
        lambda x: np.full_like(x, np.nan),
        lambda x: np.zeros_like(x),
    ],
    ids=["unweighted", "shifted", "log", "nan", "flat"],
)
def test_another_curve_does_not_pass(wrong):
    _, axes = plt.subplots()
    axes.plot(GRID, wrong(GRID), label="bell")
    axes.plot(GRID, step(GRID), label="step")

    assert problem(labelled(axes)) == "the curve of bell is missing"


def test_a_short_piece_of_a_curve_proves_nothing():
    x = np.linspace(-2, 2, 200)

    assert problem(one_axes(x)) == "the curves of bell and step are missing"


def test_a_handful_of_points_is_no_curve():
    assert "0 lines of at least 50 points" in detail(one_axes(np.linspace(-5, 5, 20)))


def test_labels_and_legend_are_required():
    figure = one_axes(GRID)
    figure.axes[0].set_xlabel("")
    assert problem(figure) == "the x axis has no label"

    figure = one_axes(GRID)
    figure.axes[0].set_ylabel("")
    assert problem(figure) == "the y axis has no label"

    figure = one_axes(GRID)
    figure.axes[0].get_legend().remove()
    assert problem(figure) == "the figure has no legend: the labels are there, `legend()` is not"


@pytest.mark.parametrize("value", [None, 3.0, "figure", [1.0], {"a": 1.0}], ids=repr)
def test_a_value_that_is_not_a_figure_is_described(value):
    assert problem(value).startswith("expected a matplotlib Figure; got ")


def test_the_message_says_what_to_return():
    figure = one_axes(GRID)
    [axes] = figure.axes
    tell = "return the figure itself, as in `fig, ax = plt.subplots()` … `return fig`"

    assert problem(None) == f"expected a matplotlib Figure; got None (is a `return` missing?): {tell}"
    assert problem(plt) == f"expected a matplotlib Figure; got `plt`: {tell}"
    for value in (axes, axes.lines[0], [*axes.lines]):
        assert problem(value) == f"expected a matplotlib Figure; got an Axes or what is drawn in it: {tell}"
    assert problem((figure, axes)) == f"expected a matplotlib Figure; got several values, one of them a Figure: {tell}"


def test_only_matplotlibs_names_of_types_are_shown():
    """A student could name a type after the inputs of a hidden case."""
    secret = type("Weights07", (), {})()

    assert "07" not in problem(secret)


def test_an_empty_figure_is_a_fault():
    assert problem(plt.figure()).startswith("the figure is empty")
    assert problem(plt.subplots()[0]).startswith("the figure is empty")


def test_all_faults_are_reported():
    _, axes = plt.subplots()
    axes.plot(GRID, bell(GRID))

    assert problem(axes.figure) == (
        "the curve of step is missing; the x axis has no label; the y axis has no label; the figure has no legend"
    )


def test_the_label_that_is_missing_is_named_by_its_panel():
    figure = two_panels(GRID)
    figure.axes[1].set_ylabel("")

    assert problem(figure) == "the y axis of the panel with step has no label"


def test_a_known_mistake_is_a_figure_with_certain_faults():
    figure = one_axes(GRID)
    figure.axes[0].get_legend().remove()
    value = plain(figure)

    assert Curves().compare(value, EXPECTED | {"lacks": ("legend",)}) is None
    for other in ((), ("x label",), ("legend", "x label"), ("bell", "legend")):
        assert Curves().compare(value, EXPECTED | {"lacks": other}) is not None
    missing = EXPECTED | {"lacks": ("nothing returned",)}
    assert Curves().compare(None, missing) is None
    assert Curves().compare(value, missing) is not None


# --- points ---

CUPS = np.array([96.0, 99, 103, 106, 118, 121, 150])
LOW = np.array([0.95, 0.9, 0.7, 0.4, 0.1, 0.05, 0.0])
SHARES = {"low": LOW, "medium": 0.8 * (1 - LOW), "high": 0.2 * (1 - LOW)}
POINTS = {"x": CUPS, "series": SHARES}
ORDERS = [np.arange(7), np.arange(7)[::-1]]


def point_problem(figure, expected=POINTS) -> str | None:
    mismatch = Points().compare(plain(figure), expected)
    return mismatch and mismatch.summary


def scatter(axes, x, series, order):
    for name, y in series.items():
        axes.scatter(x[order], y[order], label=name)


def markers(axes, x, series, order):
    for name, y in series.items():
        axes.plot(x[order], y[order], "o", label=name)


def joined(axes, x, series, order):
    for name, y in series.items():
        axes.plot(np.sort(x), y[np.argsort(x)], label=name)


def bars(axes, x, series, order):
    width = 0.015 * np.ptp(x)
    for i, (name, y) in enumerate(series.items()):
        axes.bar(x[order] + (i - 1) * width, y[order], width, label=name)


def stacked(axes, x, series, order):
    below = np.zeros(len(x))
    for name, y in series.items():
        axes.bar(x[order], y[order], 1.0, bottom=below, label=name)
        below = below + y[order]


def stems(axes, x, series, order):
    for name, y in series.items():
        axes.stem(x[order], y[order], label=name)


KINDS = pytest.mark.parametrize(
    "draw", [scatter, markers, joined, bars, stacked, stems], ids=lambda draw: draw.__name__
)


def drawn(draw, x=CUPS, series=SHARES, order=ORDERS[0]):
    _, axes = plt.subplots()
    draw(axes, x, series, order)
    return labelled(axes)


@KINDS
@pytest.mark.parametrize("order", ORDERS, ids=["forward", "backward"])
def test_points_pass_in_any_style(draw, order):
    assert point_problem(drawn(draw, order=order)) is None


def test_points_pass_one_by_one_side_by_side_and_decorated():
    _, panels = plt.subplots(1, 3)
    for axes, (name, y) in zip(panels, SHARES.items(), strict=True):
        axes.scatter(CUPS, y, label=name)
        axes.axhline(0.5)
        axes.fill_between(CUPS, y, alpha=0.2)
    assert point_problem(labelled(*panels)) is None


@KINDS
@pytest.mark.parametrize(
    "wrong",
    [
        lambda x, series: (x, {**series, "medium": series["medium"] + 0.05}),
        lambda x, series: (x, {**series, "medium": series["medium"][::-1]}),
        lambda x, series: (x, {name: y for name, y in series.items() if name != "medium"}),
        lambda x, series: (x, {**series, "medium": np.log(series["medium"] + 0.01)}),
        lambda x, series: (x[:-1], {name: y[:-1] for name, y in series.items()}),
    ],
    ids=["off", "reversed", "missing", "log", "one cup less"],
)
def test_a_missing_series_is_named(draw, wrong):
    x, series = wrong(CUPS, SHARES)
    message = point_problem(drawn(draw, x, series, np.arange(len(x))))

    assert message is not None
    assert message.startswith("the points of ")
    assert "medium" in message.split(" missing")[0]


@KINDS
def test_points_at_the_wrong_x_do_not_pass(draw):
    everything = "the points of low, medium and high are missing"

    assert point_problem(drawn(draw, np.arange(7.0))) == everything
    assert point_problem(drawn(draw, CUPS + 10)) == everything


def test_points_without_labels_or_legend_do_not_pass():
    for change, says in (
        (lambda axes: axes.set_xlabel(""), "the x axis has no label"),
        (lambda axes: axes.set_ylabel(""), "the y axis has no label"),
        (lambda axes: axes.get_legend().remove(), "the figure has no legend: the labels are there, `legend()` is not"),
    ):
        figure = drawn(scatter)
        change(figure.axes[0])
        assert point_problem(figure) == says


@pytest.mark.parametrize("value", [None, 3.0, [1.0], {"a": 1.0}, {"figure": [], "legend": 2}], ids=repr)
def test_no_figure_has_no_points(value):
    message = point_problem(value)

    assert message is not None
    assert message.startswith("expected a matplotlib Figure; got ")


def test_points_that_look_alike_do_not_tell_the_series_apart():
    _, axes = plt.subplots()
    axes.scatter(np.repeat(CUPS, 3), np.stack([*SHARES.values()], axis=1).ravel(), label="all of them")

    assert point_problem(labelled(axes)) == (
        "the points of all series look alike: give each series a colour or a marker of its own"
    )


def test_points_in_every_colour_do_not_tell_the_series_apart():
    _, axes = plt.subplots()
    for x, *shares in zip(CUPS, *SHARES.values(), strict=True):
        for share in shares:
            axes.plot(x, share, "o")
    axes.set(xlabel="x", ylabel="y")
    axes.legend(["all of them"])

    assert "look alike" in str(point_problem(axes.figure))


def test_tick_labels_stand_for_levels_only_if_they_are_the_cups_levels():
    _, axes = plt.subplots()
    for name, y in SHARES.items():
        axes.plot(np.arange(7), y, "o", label=name)
    axes.set_xticks(np.arange(7), [f"{level:.0f} mg" for level in CUPS])
    assert point_problem(labelled(axes)) is None

    axes.set_xticks(np.arange(7), [f"{level:.0f} mg" for level in CUPS[::-1]])
    assert point_problem(labelled(axes)) == "the points of low, medium and high are missing"


def test_percentages_need_a_percent_sign():
    hundredfold = {name: 100 * y for name, y in SHARES.items()}
    figure = drawn(markers, series=hundredfold)
    assert point_problem(figure) == "the points of low, medium and high are missing"

    figure.axes[0].set_ylabel("probability (%)")
    assert point_problem(figure) is None


def test_labels_of_the_other_axis_do_not_pass():
    expected = POINTS | {"axes": {"along": "mg|caffeine", "up": "probability"}}
    figure = drawn(scatter)
    for x, y, message in (
        ("caffeine", "probability", None),
        ("x", "y", None),
        ("probability", "y", None),
        ("probability of a blend, by mg", "mg", None),
        ("probability", "mg", "the labels of the x axis and the y axis are exchanged"),
    ):
        figure.axes[0].set(xlabel=x, ylabel=y)
        assert point_problem(figure, expected) == message


def test_the_changes_of_a_mistake_are_enough_to_recognise_it():
    x = np.linspace(0, 1, 5)
    right = {"x": x, "curves": {"a": x, "b": 2 * x}, "names": {"a": {"number": 0}}}
    wrong = right | {"curves": {"a": x.astype(np.float32), "b": 3 * x}, "lacks": ("legend",)}

    found = changes(wrong, right)

    assert set(found) == {"curves", "lacks"}
    assert set(found["curves"]) == {"b"}
    again = changed(right, found)
    assert again["lacks"] == ("legend",)
    assert again["names"] == right["names"]
    np.testing.assert_array_equal(again["curves"]["b"], 3 * x)
    np.testing.assert_array_equal(again["curves"]["a"], x)
    assert changes(None, right) is None
