"""Name the mistake behind a wrong answer: compare it with what the known wrong variants of the reference return."""

from collections.abc import Sequence
from functools import partial

from autograder.exercises import Exercise, KnownMistake, Variant
from autograder.exercises.truth import given_by
from autograder.student.selfcheck.diagnosis.naming import Naming, name
from autograder.student.selfcheck.trial import Trial
from autograder.student.selfcheck.values import Plain


def name_mistake(exercise: Exercise, trials: Sequence[Trial]) -> Naming[KnownMistake] | None:
    """Find the known mistake, or the pair of mistakes, that explains the outcomes.

    Args:
        exercise: the exercise with its known mistakes.
        trials: one trial for each case that was tried.

    Returns:
        None if no mistake explains the outcomes, or if several do.
    """
    cases = {case.name: case for case in exercise.cases}

    def given(variant: Variant, trial: Trial) -> Plain:
        return given_by(exercise, variant, cases[trial.case], trial.seed)

    return name(
        trials,
        {mistake: [partial(given, form) for form in mistake.variants] for mistake in exercise.mistakes},
        {both.mistakes: partial(given, both.variant) for both in exercise.together},
    )
