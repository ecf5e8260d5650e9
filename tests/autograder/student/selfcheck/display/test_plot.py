import xml.etree.ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.figure import Figure

from autograder.student.selfcheck.display.plot import plot
from autograder.student.selfcheck.rules.arrays import Arrays, Part
from autograder.student.selfcheck.rules.drawings import Curves
from autograder.student.selfcheck.trial import Trial
from autograder.student.selfcheck.values import Plain, plain
from tests.autograder.trials import trial

X = np.linspace(-1, 1, 9, dtype=np.float32)


def answer(value: Plain, truth, *, shape="(N,)", case="nine points", **given) -> Trial:
    rule = Arrays((Part("density", shape),))
    return trial(rule, value, np.asarray(truth), case=case, arguments=given or {"x": X})


def read(svg: str | None) -> tuple[ET.Element, str]:
    assert svg
    element = ET.fromstring(svg)
    assert element.get("role") == "img"
    return element, element.get("aria-label", "")


def test_a_wrong_curve_is_drawn_with_the_right_one():
    svg = plot([answer(X**2, np.abs(X))])

    element, says = read(svg)
    text = " ".join(element.itertext())
    assert "expected" in text
    assert "came back" in text
    assert says.startswith("nine points: density against x. A line with circles is what was expected")


def test_each_component_has_a_panel():
    truth = np.stack([X, X**2], axis=1)

    element, says = read(plot([answer(truth[:, ::-1].copy(), truth, shape="(N, K)")]))

    text = " ".join(element.itertext())
    assert "density, component 0" in text
    assert "density, component 1" in text
    assert "for each component" in says


def test_the_picture_uses_the_colours_of_the_page():
    svg = plot([answer(X**2, np.abs(X))])

    assert svg
    assert "currentColor" in svg
    assert "#010203" not in svg
    assert "http" not in svg.replace("http://www.w3.org/", "")


def test_the_notebooks_settings_do_not_change_the_picture():
    first = plot([answer(X**2, np.abs(X))])
    with mpl.rc_context({"font.size": 30, "lines.linewidth": 9}):
        assert plot([answer(X**2, np.abs(X))]) == first


@pytest.mark.parametrize(
    "answers",
    [
        [],
        [answer(X, X)],  # right
        [answer(X[:3], X)],  # another shape
        [answer(np.array(2, np.float32), np.array(1.0), shape="()")],
        [answer(X[:3], X[:3] + 1)],  # too few points
        [answer(X + 1e-3, X)],  # a difference that the eye does not see
        [answer(np.full(9, np.nan, np.float32), X)],
        [answer(np.zeros((9, 5), np.float32), np.ones((9, 5)), shape="(N, K)")],  # too many panels
    ],
)
def test_there_is_no_picture_if_it_would_not_help(answers):
    assert plot(answers) is None


def test_the_first_wrong_answer_that_can_be_drawn_is_drawn():
    _, says = read(plot([answer(X, X, case="right"), answer(X[:3], X, case="short"), answer(-X, X, case="drawn")]))

    assert says.startswith("drawn:")


def test_missing_curves_of_a_figure_are_drawn_over_the_others():
    figure = Figure()
    axes = figure.subplots()
    axes.plot(grid := np.linspace(0, 1, 60), grid, label="one")
    axes.set(xlabel="x", ylabel="y")
    axes.legend()
    curves = {"the line": grid, "the parabola": grid**2}
    expected = {"x": grid, "curves": curves, "covers": np.array([0.0, 1.0])}

    element, says = read(plot([trial(Curves(), plain(figure), expected, case="a grid")]))

    text = " ".join(element.itertext())
    assert "the parabola" in text
    assert "the line" not in text
    assert "in your figure" in text
    assert says == (
        "a grid: the curves that are expected and not found in your figure, the parabola, over those that are."
    )
