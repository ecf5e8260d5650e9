"""Answers by people who had not seen the checks: no right answer is named, and most wrong ones are.

`python -m tests.naming --outside` grades them all; this module tries those that run fast.
"""

import numpy as np
import pytest

from autograder.grading.diagnosis import name_mistake
from autograder.student.selfcheck.diagnosis.differences import difference
from tests.autograder.exercises.judging import call
from tests.autograder.exercises.outside import Outside, outside
from tests.autograder.trials import trials_of
from tests.naming import __main__ as naming

ASSIGNMENTS = ("categorization", "em", "applications")
SLOW = ("select_num_components", "plot_mixture")  # the first fits each candidate; the second draws a figure

RIGHT = [answer for answer in outside("right", *ASSIGNMENTS) if answer.exercise.name not in SLOW]
WRONG = [answer for answer in outside("wrong", *ASSIGNMENTS) if answer.exercise.name not in SLOW]
EVERY = 3  # without --long, only every third right answer is tried


def returned(answer: Outside):
    """The values that an answer returns, by the name of the case; a case on which it raises is left out."""
    values = {}
    for case in answer.exercise.cases:
        try:
            with np.errstate(all="ignore"):
                values[case.name] = call(answer.function, case)
        except Exception:  # a wrong answer may fail in any way
            continue
    return values


@pytest.mark.filterwarnings("ignore")  # by the answers themselves
@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(answer, id=answer.name, marks=pytest.mark.long if number % EVERY else ())
        for number, answer in enumerate(RIGHT)
    ],
)
def test_a_right_answer_is_never_named(answer: Outside):
    values = returned(answer)

    assert name_mistake(answer.exercise, trials_of(answer.exercise, values)) is None
    assert difference(trials_of(answer.exercise, values)) is None
    assert len(values) == len(answer.exercise.cases)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("kind", "found"), [("wrong", "named"), ("right", "passed")])
def test_the_benchmark_grades_an_answer(kind, found):
    answer = next(answer for answer in outside(kind, "categorization") if answer.exercise.name == "responsibilities")
    result = naming.grade(answer.exercise, answer.function)

    assert naming.outcome(answer.exercise, result) == found


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_most_wrong_answers_are_named_or_described():
    said = []
    for answer in WRONG:
        trials = trials_of(answer.exercise, returned(answer))
        said.append(bool(name_mistake(answer.exercise, trials) or difference(trials)))

    assert len(said) >= 10
    assert np.mean(said) >= 0.8
