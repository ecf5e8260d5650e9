"""Naming the mistake behind a wrong answer, or saying what differs."""

import inspect
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from autograder.alike import alike, identical
from autograder.beside.selfcheck.rules import Rule
from autograder.beside.selfcheck.shown.difference import Answer, difference
from autograder.beside.selfcheck.values import Plain
from autograder.exercises import Case, Exercise, Misconception
from autograder.expected import expected, mistaken


def name_mistake(
    exercise: Exercise, returned: Mapping[str, Plain], attempts: Mapping[str, int] = MappingProxyType({})
) -> Misconception | None:
    """The one known mistake that gives what came back, on every case; None if none or several do.

    Args:
        exercise: with its known mistakes.
        returned: what the student's function returned, by the name of the case.
        attempts: to which attempt at the case, where that is not the first.
    """
    cases = [case for case in exercise.cases if case.name in returned]
    attempt = {case: attempts.get(case.name, 0) for case in cases}
    if certain := [case for case in cases if exercise.names_mistakes(case)]:
        matches = _left(exercise, certain, returned, attempt, _equal)
    else:  # many answers are right: of several that nothing tells apart, those that give the very numbers count
        like_it = _left(exercise, cases, returned, attempt, alike)
        matches = [one for one in like_it if _gives_the_numbers(exercise, one, cases, returned, attempt)] or like_it
    return matches[0] if len(matches) == 1 else None


def tell_difference(exercise: Exercise, returned: Mapping[str, Plain]) -> str | None:
    """How what came back differs from what was expected on every case, in a sentence that a student may read.

    Args:
        exercise: with its cases.
        returned: what the student's function returned, by the name of the case.
    """
    return difference(
        [
            answer(exercise, case, returned[case.name])
            for case in exercise.cases
            if case.name in returned and exercise.names_mistakes(case)
        ]
    )


def answer(exercise: Exercise, case: Case, value: Plain) -> Answer:
    """What came back on a case beside what was expected."""
    return Answer(
        case=case.name,
        rule=exercise.rule_of(case),
        value=value,
        expected=expected(exercise, case),
        given=arguments_by_name(exercise, case.args),
        visible=case.visible,
    )


def arguments_by_name(exercise: Exercise, arguments: tuple[Any, ...]) -> dict[str, Any]:
    """The arguments of a case by the names that the function has for them."""
    names = list(inspect.signature(exercise.truth).parameters)
    if len(names) != len(arguments):
        names = [f"argument {number}" for number, _ in enumerate(arguments, start=1)]
    return dict(zip(names, arguments, strict=True))


def _left(
    exercise: Exercise,
    cases: list[Case],
    returned: Mapping[str, Plain],
    attempt: Mapping[Case, int],
    same: Callable[[Rule, Plain, Plain, Any], bool],
) -> list[Misconception]:
    """The mistakes that give the same as what came back.

    What a mistake gives may take long to compute: the cases that were lost come first, and a case is computed only for
    the mistakes that those before it have left.
    """
    truths = {case: expected(exercise, case, attempt[case]) for case in cases}
    lost = {case for case in cases if exercise.rule_of(case).compare(returned[case.name], truths[case]) is not None}
    left = list(exercise.misconceptions if lost else ())
    for case in sorted(cases, key=lambda case: case not in lost):
        given = {mistake: mistaken(exercise, mistake, [case], attempt[case]).get(case.name) for mistake in left}
        left = [
            mistake
            for mistake, other in given.items()
            if other is not None and same(exercise.rule_of(case), returned[case.name], other, truths[case])
        ]
    return left


def _equal(rule: Rule, value: Plain, other: Plain, _: Any) -> bool:
    return rule.compare(value, other, equal_nan=True) is None


def _gives_the_numbers(
    exercise: Exercise,
    mistake: Misconception,
    cases: list[Case],
    returned: Mapping[str, Plain],
    attempt: Mapping[Case, int],
) -> bool:
    return all(
        identical(returned[case.name], mistaken(exercise, mistake, [case], attempt[case])[case.name]) for case in cases
    )
