"""A trial: its properties, and the trial of a case that counts."""

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
    ("tried", "kind", "message"),
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
def test_a_lost_trial_has_a_kind_and_a_message(tried: Trial, kind, message):
    assert (tried.kind, tried.message, tried.lost) == (kind, message, bool(kind))


def test_a_trial_that_follows_from_an_earlier_mistake_is_wrong_but_not_lost():
    excused = replace(WRONG, follows=("e_step",))

    assert (excused.wrong, excused.passed, excused.lost) == (True, False, False)


def test_the_expected_value_is_computed_on_demand_and_once():
    asked = []
    tried = replace(WRONG, truth=lambda: asked.append("truth") or TRUTH)

    assert tried.returned
    assert asked == []
    assert not tried.passed
    assert tried.expected is TRUTH
    assert asked == ["truth"]


def test_draws_and_questions_with_many_right_answers_are_not_determined():
    assert RIGHT.determined
    assert not replace(RIGHT, seeded=True).determined
    assert not trial(PlausiblePriors(0, 1), None, {"shape": np.array([2])}).determined


@pytest.mark.parametrize(
    ("outcomes", "counts"),
    [([RIGHT], 0), ([WRONG, RIGHT], 1), ([WRONG, WRONG], 1), ([CRASHED, RIGHT], 0), ([RIGHT, WRONG], 0)],
)
def test_a_case_is_tried_again_only_after_a_wrong_value(outcomes, counts):
    assert run_case(len(outcomes), outcomes.__getitem__) is outcomes[counts]


def test_a_case_with_one_seed_is_not_judged_while_it_is_tried():
    def fail():
        raise AssertionError

    assert run_case(1, lambda seed: replace(WRONG, truth=fail)).returned


def test_a_function_is_unwritten_only_if_every_trial_fails_for_that_reason():
    left = replace(RIGHT, outcome=NOT_WRITTEN)

    assert unwritten([left, left])
    assert not unwritten([left, RIGHT])


@pytest.mark.parametrize(
    ("function", "names"),
    [(lambda x, y: x, ["x", "y"]), (lambda x: x, ["argument 1", "argument 2"]), (int, ["argument 1", "argument 2"])],
)
def test_arguments_have_the_names_of_the_functions_parameters(function, names):
    assert arguments_by_name(function, (1, 2)) == dict(zip(names, (1, 2), strict=True))


def test_a_trial_without_a_value_has_no_mismatch():
    assert CRASHED.mismatch is None
    assert CRASHED.value is None
    assert isinstance(WRONG.outcome, Returned)
