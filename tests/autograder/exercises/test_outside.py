"""Answers written by others, who had not seen the checks: no right one is ever named, and most wrong ones are.

`python -m benchmarks.naming --outside` grades them all; here, those that are quickly called.
"""

import numpy as np
import pytest

from autograder.grading.diagnosis import name_mistake, tell_difference
from tests.autograder.exercises.judging import call
from tests.autograder.exercises.outside import Outside, outside

ASSIGNMENTS = ("categorization", "em", "applications")
SLOW = ("select_num_components", "plot_mixture")  # a fit for each candidate; a figure

RIGHT = [one for one in outside("right", *ASSIGNMENTS) if one.exercise.name not in SLOW]
WRONG = [one for one in outside("wrong", *ASSIGNMENTS) if one.exercise.name not in SLOW]
EVERY = 6  # of the wrong answers, unless with --long


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
@pytest.mark.parametrize("one", RIGHT, ids=lambda one: one.name)
def test_a_right_answer_is_never_named(one: Outside):
    values = returned(one)

    assert name_mistake(one.exercise, values) is None
    assert tell_difference(one.exercise, values) is None
    assert len(values) == len(one.exercise.cases)


@pytest.mark.filterwarnings("ignore")
def test_most_wrong_answers_are_named_or_told(request):
    some = WRONG if request.config.getoption("--long") else WRONG[::EVERY]
    said = []
    for one in some:
        values = returned(one)
        said.append(bool(name_mistake(one.exercise, values) or tell_difference(one.exercise, values)))

    assert len(said) >= 10
    assert np.mean(said) >= 0.8
