"""Naming the mistake behind a wrong answer, from what the reference's wrong variants give."""

from collections.abc import Sequence
from functools import partial

from autograder.exercises import Exercise, Misconception, Variant
from autograder.exercises.truth import given_by
from autograder.student.selfcheck.diagnosis.naming import Naming, name
from autograder.student.selfcheck.trial import Trial
from autograder.student.selfcheck.values import Plain


def name_mistake(exercise: Exercise, trials: Sequence[Trial]) -> Naming[Misconception] | None:
    """The known mistake that explains what came back, or the two that do; None if none or several would.

    Args:
        exercise: with its known mistakes.
        trials: one for each case that was tried.
    """
    cases = {case.name: case for case in exercise.cases}

    def given(variant: Variant, trial: Trial) -> Plain:
        return given_by(exercise, variant, cases[trial.case], trial.seed)

    return name(
        trials,
        {mistake: [partial(given, form) for form in mistake.variants] for mistake in exercise.misconceptions},
        {both.mistakes: partial(given, both.variant) for both in exercise.together},
    )
