from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from autograder.student.selfcheck import figures
from autograder.student.selfcheck.values import Plain, plain

mpl.use("agg")


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def drawn():
    figure, axes = plt.subplots()
    axes.plot([0, 1, 2], [3, 4, 5], "--", label="a line")
    axes.bar([0, 1], [2, 3], label="bars")
    axes.set(xlabel="x", ylabel="y", title="a title")
    axes.set_xticks([0, 1], ["zero", "one"])
    axes.text(0, 0, "a text")
    axes.legend()
    return figure


def test_a_figure_that_was_read_can_be_parsed():
    drawing = figures.parse(plain(drawn()))

    assert drawing is not None
    [panel] = drawing.panels
    assert (panel.xlabel, panel.ylabel, panel.title) == ("x", "y", "a title")
    assert panel.xticks.says == ("zero", "one")
    assert panel.yticks.says == ()
    assert [text.says for text in panel.texts] == ["a text"]
    assert [entry.says for entry in drawing.legend] == ["a line", "bars"]
    bars, line = panel.series
    assert (bars.kind, bars.label, line.kind, line.label) == ("bars", "bars", "line", "a line")
    np.testing.assert_array_equal(line.y, [[3, 3], [4, 4], [5, 5]])
    np.testing.assert_array_equal(bars.y, [[0, 2], [0, 3]])
    assert line.look.dash == "--"


def spoilt(change) -> Plain:
    value: Any = plain(drawn())
    return change(value, value["figure"][0], value["figure"][0]["series"][0])


@pytest.mark.parametrize(
    "change",
    [
        lambda value, panel, series: value | {"figure": 3.0},
        lambda value, panel, series: value | {"legend": "p(x)"},
        lambda value, panel, series: value | {"title": None},
        lambda value, panel, series: {"figure": value["figure"]},
        lambda value, panel, series: value | {"figure": (np.array(3.0),)},
        lambda value, panel, series: value | {"figure": ({"xlabel": "x", "ylabel": "y", "lines": ()},)},
        lambda value, panel, series: value | {"figure": (panel | {"inset": np.zeros(3)},)},
        lambda value, panel, series: value | {"figure": (panel | {"xticks": {"at": np.zeros(2), "says": ("a",)}},)},
        lambda value, panel, series: value | {"figure": (panel | {"texts": ("a",)},)},
        lambda value, panel, series: value | {"figure": (panel | {"series": (series | {"x": np.zeros(7)},)},)},
        lambda value, panel, series: value | {"figure": (panel | {"series": (series | {"x": np.zeros((2, 3))},)},)},
        lambda value, panel, series: value | {"figure": (panel | {"series": (series | {"value": np.zeros(1)},)},)},
        lambda value, panel, series: value | {"figure": (panel | {"series": (series | {"colour": np.zeros(9)},)},)},
        lambda value, panel, series: value | {"figure": (panel | {"series": (series | {"look": {}},)},)},
        lambda value, panel, series: {"a": np.zeros(1)},
        lambda value, panel, series: None,
    ],
)
def test_a_forged_figure_is_refused(change):
    assert figures.parse(spoilt(lambda value, panel, series: value)) is not None
    assert figures.parse(spoilt(change)) is None


@pytest.mark.parametrize("text", ["probability (%)", "in percent", "PROZENT"])
def test_a_text_about_percent_means_percentages(text):
    figure = drawn()
    value = figures.parse(plain(figure))
    assert value is not None
    assert not value.percent

    figure.axes[0].set_ylabel(text)
    value = figures.parse(plain(figure))
    assert value is not None
    assert value.percent


def test_a_legend_key_may_stand_for_a_series_with_a_compatible_look():
    red = figures.Look(frozenset([1]), marker="o")

    assert red.may_be(figures.Look(frozenset([1, 2])))
    assert red.may_be(figures.Look(frozenset([1]), marker="o", dash="--"))
    assert not red.may_be(figures.Look(frozenset([1]), marker="s"))
    assert not red.may_be(figures.Look(frozenset([2]), marker="o"))


def test_a_closed_figure_is_not_displayed_again():
    figure = drawn()

    figures.close(figure)
    figures.close(3.0)

    assert plt.get_fignums() == []
