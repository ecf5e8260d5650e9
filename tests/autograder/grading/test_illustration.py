from dataclasses import replace
from html.parser import HTMLParser

import matplotlib.pyplot as plt
import numpy as np
import pytest

from autograder import exercises
from autograder.exercises import Exercise, f32
from autograder.exercises.truth import expected
from autograder.grading.illustration import comparison
from autograder.student.selfcheck.values import plain
from tests.autograder.toy import DOUBLE
from tests.autograder.trials import trials_of


@pytest.fixture(scope="module")
def e_step() -> Exercise:
    return next(
        question
        for question in exercises.load("em").exercises
        if isinstance(question, Exercise) and question.name == "e_step"
    )


def right(exercise: Exercise, *, visible: bool = True) -> dict:
    return {case.name: expected(exercise, case) for case in exercise.cases if case.visible == visible}


class Text(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.said = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)

    def handle_data(self, data):
        self.said.append(data)


def read(html: str) -> tuple[str, list[str]]:
    text = Text()
    text.feed(html)
    return " ".join(" ".join(text.said).split()), text.tags


def test_numbers_and_a_picture_of_the_first_public_case_that_is_wrong(e_step):
    returned = right(e_step)
    first, second, *_ = returned
    resp, log_likelihood = returned[second]
    returned[second] = (resp[:, ::-1], log_likelihood)

    text, tags = read(comparison(trials_of(e_step, returned)))

    assert text.startswith(f"{second}:")
    assert "came back" in text
    assert "expected" in text
    assert first not in text
    assert {"table", "svg"} <= set(tags)
    assert "script" not in tags


def test_right_answers_and_hidden_cases_show_nothing(e_step):
    hidden = {name: (resp + 1, log_likelihood) for name, (resp, log_likelihood) in right(e_step, visible=False).items()}

    assert comparison(trials_of(e_step, right(e_step))) == ""
    assert comparison(trials_of(e_step, right(e_step) | hidden)) == ""
    assert comparison(trials_of(e_step, {})) == ""


@pytest.mark.parametrize("value", [None, np.zeros((3, 1)), np.float64(1), "two"], ids=str)
def test_without_numbers_to_compare_nothing_is_shown(value):
    assert comparison(trials_of(DOUBLE, {"one, two": value})) == ""


@pytest.mark.parametrize("number", [np.nan, np.inf, 1e308, -1e-308])
def test_any_number_may_come_back(number):
    four = replace(DOUBLE, aspects=(replace(DOUBLE.aspects[0], visible={"four": (f32(1, 2, 3, 4),)}),))
    back = np.array([2.0, 4.0, number, number])

    text, _ = read(comparison(trials_of(four, {"four": back})))

    assert "came back" in text


def test_a_figure_of_far_too_many_points_is_not_drawn():
    exercise = next(
        question
        for question in exercises.load("categorization").exercises
        if isinstance(question, Exercise) and question.name == "plot_mixture"
    )
    case = next(case for case in exercise.cases if case.visible)

    def back(points: int) -> dict:
        figure, axes = plt.subplots()
        axes.plot(np.linspace(-1, 1, points), np.zeros(points))
        plt.close(figure)
        return {case.name: plain(figure)}

    assert "<svg" in comparison(trials_of(exercise, back(100)))
    assert comparison(trials_of(exercise, back(50_000))) == ""
