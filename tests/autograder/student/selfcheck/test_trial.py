"""A trial: what it says of itself, and which one of a case counts."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.student.selfcheck.outcomes import NOT_WRITTEN, Failure, Returned
from autograder.student.selfcheck.rules.arrays import Arrays, Part
from autograder.student.selfcheck.rules.draws import PlausiblePriors
from autograder.student.selfcheck.trial import Trial, arguments_by_name, run_case, unwritten
from tests.autograder.trials import trial

RULE = Arrays((Part("squares", "(N,)"),))
TRUTH = np.array([1.0, 4.0])
RIGHT, WRONG, SHORT = trial(RULE, TRUTH, TRUTH), trial(RULE, TRUTH + 1, TRUTH), trial(RULE, TRUTH[:1], TRUTH)
CRASHED = replace(RIGHT, outcome=Failure("crashed", "ended", "ended the process (SIGABRT)"))


@pytest.mark.parametrize(
    ("one", "kind", "message"),
    [
        (RIGHT, "", ""),
        (WRONG, "values", "squares: 2 of 2 values are wrong, first [0]: 2, expected 1"),
        (replace(WRONG, visible=False), "values", "squares: wrong values"),
        (SHORT, "form", "squares should be an array of shape (N,), here (2,); got an array of shape (1,)"),
        (CRASHED, "crashed", "f ended the process (SIGABRT)"),
        (replace(CRASHED, visible=False), "crashed", "f ended"),
        (replace(WRONG, follows=("e_step",)), "", ""),
    ],
)
def test_what_is_lost_has_a_kind_and_a_message(one: Trial, kind, message):
    assert (one.kind, one.message, one.lost) == (kind, message, bool(kind))


def test_what_follows_from_an_earlier_mistake_is_still_wrong():
    excused = replace(WRONG, follows=("e_step",))

    assert (excused.wrong, excused.passed, excused.lost) == (True, False, False)


def test_what_is_expected_is_computed_when_it_is_asked_for_and_once():
    asked = []
    one = replace(WRONG, truth=lambda: asked.append("truth") or TRUTH)

    assert one.returned
    assert asked == []
    assert not one.passed
    assert one.expected is TRUTH
    assert asked == ["truth"]


def test_draws_and_one_of_many_right_answers_are_not_determined():
    assert RIGHT.determined
    assert not replace(RIGHT, seeded=True).determined
    assert not trial(PlausiblePriors(0, 1), None, {"shape": np.array([2])}).determined


@pytest.mark.parametrize(
    ("outcomes", "counts"),
    [([RIGHT], 0), ([WRONG, RIGHT], 1), ([WRONG, WRONG], 1), ([CRASHED, RIGHT], 0), ([RIGHT, WRONG], 0)],
)
def test_a_case_is_tried_again_only_where_a_wrong_value_came_back(outcomes, counts):
    assert run_case(len(outcomes), outcomes.__getitem__) is outcomes[counts]


def test_a_case_with_one_seed_is_not_judged_while_it_is_tried():
    def fail():
        raise AssertionError

    assert run_case(1, lambda seed: replace(WRONG, truth=fail)).returned


def test_a_function_that_fails_so_in_every_trial_is_not_written():
    left = replace(RIGHT, outcome=NOT_WRITTEN)

    assert unwritten([left, left])
    assert not unwritten([left, RIGHT])


@pytest.mark.parametrize(
    ("function", "names"),
    [(lambda x, y: x, ["x", "y"]), (lambda x: x, ["argument 1", "argument 2"]), (int, ["argument 1", "argument 2"])],
)
def test_arguments_have_the_names_that_the_function_has_for_them(function, names):
    assert arguments_by_name(function, (1, 2)) == dict(zip(names, (1, 2), strict=True))


def test_a_trial_without_a_value_has_no_mismatch():
    assert CRASHED.mismatch is None
    assert CRASHED.value is None
    assert isinstance(WRONG.outcome, Returned)
