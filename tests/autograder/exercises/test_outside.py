"""Answers written by others, who had not seen the checks: no right one is ever named, and most wrong ones are.

`python -m tests.naming --outside` grades them all; here, those that are quickly called.
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
SLOW = ("select_num_components", "plot_mixture")  # a fit for each candidate; a figure

RIGHT = [one for one in outside("right", *ASSIGNMENTS) if one.exercise.name not in SLOW]
WRONG = [one for one in outside("wrong", *ASSIGNMENTS) if one.exercise.name not in SLOW]
EVERY = 3  # of the right answers, one in so many is tried, unless with --long


def returned(one: Outside):
    """What an answer returns, by the name of the case; where it raises, nothing."""
    values = {}
    for case in one.exercise.cases:
        try:
            with np.errstate(all="ignore"):
                values[case.name] = call(one.function, case)
        except Exception:  # a wrong answer may fail in any way
            continue
    return values


@pytest.mark.filterwarnings("ignore")  # of the answers' own
@pytest.mark.parametrize(
    "one",
    [
        pytest.param(one, id=one.name, marks=pytest.mark.long if number % EVERY else ())
        for number, one in enumerate(RIGHT)
    ],
)
def test_a_right_answer_is_never_named(one: Outside):
    values = returned(one)

    assert name_mistake(one.exercise, trials_of(one.exercise, values)) is None
    assert difference(trials_of(one.exercise, values)) is None
    assert len(values) == len(one.exercise.cases)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("kind", "found"), [("wrong", "named"), ("right", "passed")])
def test_the_benchmark_grades_an_answer(kind, found):
    one = next(one for one in outside(kind, "categorization") if one.exercise.name == "responsibilities")
    result = naming.grade(one.exercise, one.function)

    assert naming.outcome(one.exercise, result) == found


@pytest.mark.long
@pytest.mark.filterwarnings("ignore")
def test_most_wrong_answers_are_named_or_told():
    said = []
    for one in WRONG:
        trials = trials_of(one.exercise, returned(one))
        said.append(bool(name_mistake(one.exercise, trials) or difference(trials)))

    assert len(said) >= 10
    assert np.mean(said) >= 0.8
