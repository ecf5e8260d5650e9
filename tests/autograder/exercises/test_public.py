"""The self-check knows what the grader knows: public cases show each known mistake, and name it."""

from collections.abc import Iterator

import numpy as np
import pytest
from _pytest.mark import ParameterSet

from autograder.exercises import Case, Exercise, KnownMistake, Together
from autograder.exercises.truth import expected, given_by
from autograder.grading.diagnosis import name_mistake
from autograder.paths import ASSIGNMENTS
from autograder.student.selfcheck.rules.drawings import Curves, Points
from autograder.student.selfcheck.values import Plain
from tests.autograder.exercises.judging import exercises
from tests.autograder.trials import trials_of

# Why a mistake is not named from the public cases although it fails one.
NOT_NAMED = {
    ("coffee_gmm", "vector_parameters"): "a program with other addresses raises, and the message lists them",
    ("coffee_gmm", "two_blends"): "choices for three blends make a program for two raise, and the message says so",
    ("bayesian_gmm", "vector_parameters"): "a program with other addresses raises, and the message lists them",
    ("truncated_dpmm", "vector_parameters"): "the same",
}
# Why a mistake fails no public case.
NOT_SHOWN = {
    ("gibbs", "sorted_in_the_chain"): "the public priors ascend: sorting changes little; a hidden case has them turned",
    ("gibbs", "means_sorted_alone"): "the same",
    ("sample_stds", "jacobian_without_a_log"): "with many observations, one more power of sigma changes little; a "
    "hidden case has a component without any",
    ("sweep", "itself_not_removed"): "the public clusters are far apart; those of hidden cases are not, and "
    "`reassignment_probabilities` shows it",
    ("fit_coffee", "weights_ignored"): "the public cups say nearly the same of any weights; hidden ones do not",
    ("fit_coffee", "pi_shadowed"): "the same",
}
CHAINS = ("gibbs", "fit_coffee", "dpmm")  # samplers that take long: only with --long
# Without --long, only every sixth known mistake of an exercise is tried; of a sampler, every twelfth.
EVERY, OF_A_SAMPLER = 6, 12


def public(exercise: Exercise) -> list[Case]:
    """The public cases whose result does not depend on a key."""
    return [case for case in exercise.cases if case.visible and not case.seeded]


def by_draws(exercise: Exercise) -> bool:
    """Whether an exercise's public cases are judged only by draws: the audit measures these."""
    return not public(exercise)


def mistakes(*, drawn: bool) -> list[ParameterSet]:
    return [*_mistakes(drawn)]


def _mistakes(drawn: bool) -> Iterator[ParameterSet]:
    for exercise in exercises(*ASSIGNMENTS):
        # For a figure, a known mistake returns curves, not the figure: see test_plot_mixture.py.
        if by_draws(exercise) == drawn and not isinstance(exercise.rule, (Curves, Points)):
            for number, mistake in enumerate((*exercise.mistakes, *exercise.together)):
                waits = exercise.name in CHAINS or number % (OF_A_SAMPLER if drawn else EVERY)
                marks = pytest.mark.long if waits else ()
                yield pytest.param(exercise, mistake, id=f"{exercise.name}: {mistake.name}", marks=marks)


def given(exercise: Exercise, mistake: KnownMistake | Together, cases: list[Case]) -> dict[str, Plain]:
    values = {case.name: given_by(exercise, mistake.variants[0], case) for case in cases}
    return {name: value for name, value in values.items() if value is not None}


def fails(exercise: Exercise, values: dict[str, Plain], case: Case) -> bool:
    return (
        case.name not in values
        or exercise.rule_of(case).compare(values[case.name], expected(exercise, case)) is not None
    )


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # raised by a draw with genjax's TensorFlow Probability
@pytest.mark.parametrize(("exercise", "mistake"), mistakes(drawn=False))
def test_a_known_mistake_shows_on_a_public_case_and_is_named_from_public_cases(exercise, mistake):
    values = given(exercise, mistake, public(exercise))
    assert any(fails(exercise, values, case) for case in public(exercise))

    named = name_mistake(exercise, trials_of(exercise, values))
    if (exercise.name, mistake.name) in NOT_NAMED:
        assert named is None
    else:
        assert named is not None
        assert named.name == mistake.name


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # raised by a draw with genjax's TensorFlow Probability
@pytest.mark.parametrize(("exercise", "mistake"), mistakes(drawn=True))
def test_a_known_mistake_in_draws_shows_on_a_public_case(exercise, mistake):
    found = any(_is_lost(exercise, mistake, case) for case in exercise.cases if case.visible)

    assert found == ((exercise.name, mistake.name) not in NOT_SHOWN)


def _is_lost(exercise: Exercise, mistake: KnownMistake | Together, case: Case) -> bool:
    """Whether a mistake fails a case under all its keys, as a student's answer must."""
    rule = exercise.rule_of(case)
    return all(
        (value := given_by(exercise, mistake.variants[0], case, seed)) is None
        or rule.compare(value, expected(exercise, case, seed)) is not None
        for seed in range(case.seeds)
    )


def test_the_exceptions_are_known_mistakes():
    known = {(item.name, mistake.name) for item in exercises(*ASSIGNMENTS) for mistake in item.mistakes}

    assert set(NOT_NAMED) <= known


@pytest.mark.parametrize("exercise", exercises(*ASSIGNMENTS), ids=lambda exercise: exercise.name)
def test_an_exercise_that_is_judged_by_draws_has_a_public_case_of_each_kind(exercise: Exercise):
    """Draws of a known mistake take long, so this only tests that students can try every kind of case."""
    if by_draws(exercise):
        probes = {type(aspect.probe) for aspect in exercise.aspects}
        shown = {type(aspect.probe) for aspect in exercise.aspects if any(case.visible for case in aspect.cases)}
        assert shown == probes


@pytest.mark.parametrize(
    "exercise",
    [
        pytest.param(one, id=one.name, marks=() if one.name in ("labelled_mle",) else pytest.mark.long)
        for name in ("categorization", "em", "applications")
        for one in exercises(name)
    ],
)
def test_a_guard_in_a_known_mistake_is_named_as_the_mistake(exercise: Exercise):
    """A guard against 0/0 does not hide the mistake, and a right answer with a guard has no mistake."""
    for mistake in exercise.mistakes:
        values = given(exercise, mistake, list(exercise.cases))
        guarded = {
            name: np.where(np.isfinite(value), value, 0.25)
            for name, value in values.items()
            if isinstance(value, np.ndarray) and value.dtype.kind == "f"
        }
        if len(guarded) == len(values) and not any(isinstance(value, tuple) for value in values.values()):
            named = name_mistake(exercise, trials_of(exercise, guarded))
            assert named is not None
            assert mistake.name in named.name
