"""Trials of the grader: a case, its outcome and the reference's value."""

from functools import partial

from autograder.exercises import Case, Exercise
from autograder.exercises.truth import expected
from autograder.student.selfcheck.outcomes import Failure, Returned
from autograder.student.selfcheck.trial import Trial, arguments_by_name


def trial_of(exercise: Exercise, case: Case, outcome: Returned | Failure, seed: int = 0) -> Trial:
    """Make the trial of a case with the arguments of a seed. The expected value is computed when first needed."""
    return Trial(
        function=exercise.name,
        case=case.name,
        hint=exercise.aspect_of(case).hint,
        closer=exercise.aspect_of(case).closer,
        visible=case.visible,
        seeded=bool(case.seeded),
        seed=seed,
        rule=exercise.rule_of(case),
        arguments=arguments_by_name(exercise.truth, case.arguments(seed)),
        outcome=outcome,
        truth=partial(expected, exercise, case, seed),
    )
