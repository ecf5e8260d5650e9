"""Naming the mistake behind a wrong answer, or saying what differs."""

import inspect
from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from autograder.exercises import Case, Exercise, Misconception, Variant
from autograder.exercises.truth import expected, given_by
from autograder.student.selfcheck.answers import Answer
from autograder.student.selfcheck.diagnosis.differences import difference
from autograder.student.selfcheck.diagnosis.naming import Naming, name
from autograder.student.selfcheck.values import Plain

FIRST: Mapping[str, int] = MappingProxyType({})  # of each case, the first attempt


def name_mistake(
    exercise: Exercise, returned: Mapping[str, Plain], attempts: Mapping[str, int] = FIRST
) -> Naming[Misconception] | None:
    """The known mistake that explains what came back, or the two that do; None if none or several would.

    Args:
        exercise: with its known mistakes.
        returned: what the student's function returned, by the name of the case.
        attempts: to which attempt at the case, where that is not the first.
    """
    cases = {case.name: case for case in exercise.cases}

    def given(variant: Variant, answer: Answer) -> Plain:
        return given_by(exercise, variant, cases[answer.case], answer.attempt)

    return name(
        [*_answers(exercise, returned, attempts)],
        {mistake: [partial(given, form) for form in mistake.variants] for mistake in exercise.misconceptions},
        {both.mistakes: partial(given, both.variant) for both in exercise.together},
    )


def tell_difference(exercise: Exercise, returned: Mapping[str, Plain]) -> str | None:
    """How what came back differs from what was expected on every case, in a sentence that a student may read.

    Args:
        exercise: with its cases.
        returned: what the student's function returned, by the name of the case.
    """
    return difference([*_answers(exercise, returned, FIRST)])


def answer(exercise: Exercise, case: Case, value: Plain, attempt: int = 0) -> Answer:
    """What came back on a case beside what was expected."""
    return Answer(
        case=case.name,
        rule=exercise.rule_of(case),
        value=value,
        expected=expected(exercise, case, attempt),
        given=arguments_by_name(exercise, case.arguments(attempt)),
        visible=case.visible,
        random=bool(case.seeded),
        attempt=attempt,
    )


def arguments_by_name(exercise: Exercise, arguments: tuple[Any, ...]) -> dict[str, Any]:
    """The arguments of a case by the names that the function has for them."""
    names = list(inspect.signature(exercise.truth).parameters)
    if len(names) != len(arguments):
        names = [f"argument {number}" for number, _ in enumerate(arguments, start=1)]
    return dict(zip(names, arguments, strict=True))


def _answers(exercise: Exercise, returned: Mapping[str, Plain], attempts: Mapping[str, int]) -> Iterator[Answer]:
    for case in exercise.cases:
        if case.name in returned:
            yield answer(exercise, case, returned[case.name], attempts.get(case.name, 0))
