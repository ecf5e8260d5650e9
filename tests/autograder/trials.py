"""Trials for tests, from returned values by the name of the case."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from autograder.exercises import Exercise
from autograder.grading.trials import trial_of
from autograder.student.selfcheck.outcomes import Returned
from autograder.student.selfcheck.trial import Trial

FIRST: Mapping[str, int] = MappingProxyType({})


def trials_of(exercise: Exercise, returned: Mapping[str, Any], seeds: Mapping[str, int] = FIRST) -> list[Trial]:
    """A trial for each case with a returned value; with the first seed, unless `seeds` has another."""
    return [
        trial_of(exercise, case, Returned(returned[case.name]), seeds.get(case.name, 0))
        for case in exercise.cases
        if case.name in returned
    ]


def trial(rule: Any, value: Any, expected: Any, *, case: str = "a case", **more: Any) -> Trial:
    """A trial that belongs to no exercise."""
    arguments = more.pop("arguments", {})
    return Trial(
        function="f", case=case, rule=rule, arguments=arguments, outcome=Returned(value), truth=lambda: expected, **more
    )
