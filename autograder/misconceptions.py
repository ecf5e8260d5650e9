"""Naming the mistake behind a wrong answer, or saying what differs."""

from collections.abc import Mapping

from autograder.beside.selfcheck.naming import explains
from autograder.beside.selfcheck.shown.difference import Answer, difference
from autograder.beside.selfcheck.values import Plain
from autograder.exercises import Exercise, Misconception
from autograder.expected import expected, mistaken


def name_mistake(exercise: Exercise, returned: Mapping[str, Plain]) -> Misconception | None:
    """The one known mistake that gives what came back, on every case; None if none or several do.

    Args:
        exercise: with its known mistakes.
        returned: what the student's function returned, by the name of the case.
    """
    cases = [case for case in exercise.cases if case.name in returned and exercise.names_mistakes(case)]
    returned = {case.name: returned[case.name] for case in cases}
    rules = {case.name: exercise.rule_of(case) for case in cases}
    truths = {case.name: expected(exercise, case) for case in cases}
    matches = [
        mistake
        for mistake in exercise.misconceptions
        if explains(rules, returned, truths, mistaken(exercise, mistake, cases))
    ]
    return matches[0] if len(matches) == 1 else None


def tell_difference(exercise: Exercise, returned: Mapping[str, Plain]) -> str | None:
    """How what came back differs from what was expected on every case, in a sentence that a student may read.

    Args:
        exercise: with its cases.
        returned: what the student's function returned, by the name of the case.
    """
    return difference(
        [
            Answer(
                case=case.name,
                rule=exercise.rule_of(case),
                value=returned[case.name],
                expected=expected(exercise, case),
                given=exercise.named(case.args),
                visible=case.visible,
            )
            for case in exercise.cases
            if case.name in returned and exercise.names_mistakes(case)
        ]
    )
