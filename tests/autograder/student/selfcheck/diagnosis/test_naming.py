"""Naming the mistake that explains an answer, with the function that the notebook and the grader share."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from autograder.student.selfcheck.diagnosis.naming import NOTHING_RETURNED, name
from autograder.student.selfcheck.rules.arrays import EXACT, Arrays, Named, Part
from tests.autograder.trials import trial

STDS = Arrays((Part("stds", "(K,)"),))
BOTH = Arrays((Part("weights", "(K,)"), Part("stds", "(K,)")))
COUNT = Arrays((Part("count", "()", EXACT),))
NAN, INF = np.nan, np.inf


@dataclass(frozen=True, eq=False)
class Mistake:
    """A mistake with its values by case; `more` are the values of another form of it."""

    name: str
    gives: Mapping[str, Any]
    rounding: bool = False
    says: str = "The variance came back."
    hint: str = "In which unit?"
    closer: str = ""
    more: Mapping[str, Any] | None = None

    @property
    def forms(self):
        return [self.gives, self.more] if self.more else [self.gives]


def named(rule, values: Mapping[str, Any], truths: Mapping[str, Any], *mistakes: Mistake, together=None) -> str | None:
    """The name of the mistake, for values by the name of the case."""
    trials = [trial(rule, _plain(value), _plain(truths[case]), case=case) for case, value in values.items()]
    found = name(
        trials,
        {mistake: [_gives(form) for form in mistake.forms] for mistake in mistakes},
        {pair: _gives(values) for pair, values in (together or {}).items()},
    )
    return found and found.name


def _gives(values):
    return lambda trial: _plain(values[trial.case]) if trial.case in values else None


def _plain(value):
    match value:
        case None | dict():
            return value
        case tuple():
            return tuple(map(_plain, value))
    return np.asarray(value, float)


TRUTHS = {"a": [2.0, 3.0], "b": [1.0, 5.0]}
VARIANCES = Mistake("variance", {"a": [4.0, 9.0], "b": [1.0, 25.0]})


def test_a_mistake_that_gives_every_value_explains_them():
    assert named(STDS, {"a": [4.0, 9.0], "b": [1.0, 25.0]}, TRUTHS, VARIANCES) == "variance"


@pytest.mark.parametrize("value", [[4.0, 8.9], [4.0, NAN], [4.0], [[4.0, 9.0]], [4.0, 3.0]])
def test_a_mistake_that_misses_one_value_explains_nothing(value):
    assert named(STDS, {"a": value, "b": [1.0, 25.0]}, TRUTHS, VARIANCES) is None


def test_a_right_answer_is_never_explained():
    assert named(STDS, TRUTHS, TRUTHS, VARIANCES) is None
    assert named(STDS, {"b": [1.0, 5.0]}, TRUTHS, Mistake("right", TRUTHS)) is None
    assert named(STDS, {}, TRUTHS, VARIANCES) is None


def test_an_answer_that_several_mistakes_explain_is_not_named():
    twin = Mistake("twin", {"a": [4.0, 9.0], "b": [1.0, 5.0]})

    assert named(STDS, {"a": [4.0, 9.0]}, TRUTHS, VARIANCES, twin) is None
    assert named(STDS, {"a": [4.0, 9.0], "b": [1.0, 25.0]}, TRUTHS, VARIANCES, twin) == "variance"


@pytest.mark.parametrize("guarded", [0.0, 1e-6, 5.0, 123.0, NAN, INF])
@pytest.mark.parametrize("undefined", [NAN, INF, -INF])
def test_a_guard_may_give_anything_where_the_mistake_gives_no_number(guarded, undefined):
    mistake = Mistake("n_minus_1", {"a": [2.1, 3.2], "b": [undefined, 5.5]})

    assert named(STDS, {"a": [2.1, 3.2], "b": [guarded, 5.5]}, TRUTHS, mistake) == "n_minus_1"
    assert named(STDS, {"a": [2.1, 3.2], "b": [guarded, 5.6]}, TRUTHS, mistake) is None


def test_a_case_on_which_the_mistake_fails_says_nothing():
    mistake = Mistake("variance", {"a": [4.0, 9.0]})

    assert named(STDS, {"a": [4.0, 9.0], "b": [7.0, 7.0]}, TRUTHS, mistake) == "variance"
    assert named(STDS, {"a": [2.0, 3.0], "b": [7.0, 7.0]}, TRUTHS, mistake) is None


def test_a_guarded_answer_is_explained_by_the_places_where_it_is_wrong():
    """0/0 was replaced by a number: wrong there, and right where the mistake is harmless."""
    mistake = Mistake("underflow", {"a": [2.0, 3.0], "b": [NAN, 5.0]})

    assert named(STDS, {"a": [2.0, 3.0], "b": [0.5, 5.0]}, TRUTHS, mistake) == "underflow"
    assert named(STDS, {"a": [2.0, 3.0], "b": [0.5, 5.5]}, TRUTHS, mistake) is None
    assert named(STDS, {"a": [2.5, 3.0], "b": [0.5, 5.0]}, TRUTHS, mistake) is None


def test_rounding_errors_need_not_be_equal():
    lost = {"a": [2.0, 3.0], "b": [1.2, 5.3]}

    assert named(STDS, {**TRUTHS, "b": [0.8, NAN]}, TRUTHS, Mistake("digits", lost, rounding=True)) == "digits"
    assert named(STDS, {**TRUTHS, "b": [0.8, NAN]}, TRUTHS, Mistake("digits", lost)) is None
    assert named(STDS, {"a": [2.1, 3.0], "b": [0.8, NAN]}, TRUTHS, Mistake("digits", lost, rounding=True)) is None


def test_an_answer_that_is_right_on_some_cases_is_explained_by_the_others():
    trials = {"a": [4.0, 9.0], "b": [1.0, 5.0]}

    assert named(STDS, trials, TRUTHS, VARIANCES) == "variance"
    # But each case must be right as a whole, or have all numbers of the mistake.
    assert named(STDS, {"a": [4.0, 3.0], "b": [1.0, 5.0]}, TRUTHS, VARIANCES) is None


@pytest.mark.parametrize("value", [0.0, 1.0, NAN])
def test_a_common_number_proves_nothing(value):
    mistake = Mistake("constant", {"a": [value, value], "b": [value, value]})

    assert named(STDS, {"a": [value, value], "b": [1.0, 5.0]}, TRUTHS, mistake) is None
    assert named(STDS, {"a": [value, value], "b": [value, value]}, TRUTHS, mistake) == "constant"


def test_a_count_that_agrees_on_a_single_case_proves_nothing():
    mistake = Mistake("always_2", {"a": 2, "b": 2, "c": 2})

    assert named(COUNT, {"a": 2, "b": 1}, {"a": 1, "b": 1}, mistake) is None
    assert named(COUNT, {"a": 2, "b": 2}, {"a": 1, "b": 1}, mistake) == "always_2"


def test_a_mistake_can_be_made_in_several_ways_but_in_one_at_a_time():
    mistake = Mistake("constant", {"a": [2.1, 3.1], "b": [1.1, 5.1]}, more={"a": [2.2, 3.2], "b": [1.2, 5.2]})

    assert named(STDS, {"a": [2.2, 3.2], "b": [1.2, 5.2]}, TRUTHS, mistake) == "constant"
    assert named(STDS, {"a": [2.1, 3.1], "b": [1.2, 5.2]}, TRUTHS, mistake) is None


PAIRS = {"a": ([0.5, 0.5], [2.0, 3.0]), "b": ([0.25, 0.75], [1.0, 5.0])}
COUNTED = Mistake("counts", {"a": ([4.0, 4.0], [2.0, 3.0]), "b": ([2.0, 6.0], [1.0, 5.0])})
SQUARED = Mistake("variance", {"a": ([0.5, 0.5], [4.0, 9.0]), "b": ([0.25, 0.75], [1.0, 25.0])})
OTHER = Mistake("other", {"a": ([0.4, 0.6], [2.0, 3.0]), "b": ([0.25, 0.75], [1.0, 5.0])})


def test_two_mistakes_that_each_explain_a_part_are_both_named():
    both = {"a": ([4.0, 4.0], [4.0, 9.0]), "b": ([2.0, 6.0], [1.0, 25.0])}

    assert named(BOTH, both, PAIRS, COUNTED, SQUARED, OTHER) == "counts + variance"
    assert named(BOTH, {**both, "b": ([2.0, 6.0], [1.0, 5.0])}, PAIRS, COUNTED, SQUARED, OTHER) is None
    assert named(BOTH, both, PAIRS, COUNTED, SQUARED, Mistake("variance too", SQUARED.gives)) is None


def test_two_mistakes_in_the_same_numbers_are_named_if_their_joint_values_are_known():
    double = Mistake("double", {"a": [4.0, 6.0], "b": [2.0, 10.0]})
    both = {(VARIANCES, double): {"a": [8.0, 18.0], "b": [2.0, 50.0]}}

    assert named(STDS, {"a": [8.0, 18.0], "b": [2.0, 50.0]}, TRUTHS, VARIANCES, double) is None
    assert named(STDS, {"a": [8.0, 18.0], "b": [2.0, 50.0]}, TRUTHS, VARIANCES, double, together=both) == (
        "variance + double"
    )


def test_a_forgotten_return_is_named_in_every_exercise():
    assert named(STDS, {"a": None, "b": None}, TRUTHS) == NOTHING_RETURNED.name
    assert named(BOTH, {"a": None}, PAIRS, COUNTED) == NOTHING_RETURNED.name
    assert named(STDS, {"a": None, "b": [1.0, 5.0]}, TRUTHS) == NOTHING_RETURNED.name
    assert named(STDS, {"a": None, "b": [1.0, 6.0]}, TRUTHS) is None


def test_a_dict_may_lack_what_the_mistake_leaves_out():
    rule = Named((Part("pi", "(K,)"), Part("mu", "(K,)")))
    truth, part = {"pi": np.array([0.5]), "mu": np.array([3.0])}, {"pi": np.array([0.5])}

    assert named(rule, {"a": part}, {"a": truth}, Mistake("lost", {"a": part})) == "lost"
    assert named(rule, {"a": {"pi": np.array([0.7])}}, {"a": truth}, Mistake("lost", {"a": part})) is None


def test_the_sentence_tells_which_part_a_mistake_explains():
    trials = [
        trial(STDS, np.asarray(value), np.asarray(TRUTHS[case]), case=case)
        for case, value in {"a": [4.0, 9.0], "b": [1.0, 5.0]}.items()
    ]
    partly, whole = (name(some, {VARIANCES: [_gives(VARIANCES.gives)]}) for some in (trials, trials[:1]))

    assert partly is not None
    assert partly.sentence == "On the cases that are wrong, the variance came back. In which unit?"
    assert whole is not None
    assert whole.sentence == "The variance came back. In which unit?"
