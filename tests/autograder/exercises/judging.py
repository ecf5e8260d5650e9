"""Call a function on a case as the worker would, and measure the distance between its answer and the truth."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from autograder.exercises import Case, Exercise, load
from autograder.exercises.truth import expected
from autograder.student.selfcheck.rules.arrays import Arrays, Tolerance
from autograder.student.selfcheck.values import Key, Plain, plain


def exercises(*assignments: str) -> list[Exercise]:
    """The exercises of some assignments that the kit grades."""
    return [exercise for name in assignments for exercise in load(name).exercises if isinstance(exercise, Exercise)]


def call(function: Callable[..., Any], case: Case) -> Plain:
    """The outcome of a student's function, as the grader receives it."""
    return plain(function(*map(_argument, case.args)))


def _argument(value: Any) -> Any:
    match value:
        case np.ndarray():
            return jnp.asarray(value)
        case Key(seed):
            return jax.random.key(seed)
    return value


def truth_of(exercise: Exercise, case: Case) -> Any:
    """The expected value, typed as the caller needs it."""
    return expected(exercise, case)


def earned(exercise: Exercise, returned: dict[str, Plain]) -> list[str]:
    """The aspects that the returned values, by the name of the case, earn. A missing case counts as wrong."""
    return [
        aspect.name
        for aspect in exercise.aspects
        if all(case.name in returned and passes(exercise, returned[case.name], case) for case in aspect.cases)
    ]


def passes(exercise: Exercise, value: Plain, case: Case) -> bool:
    return exercise.rule.compare(value, expected(exercise, case)) is None


def distance(exercise: Exercise, value: Any, case: Case) -> float:
    """How far a value is from the truth, in tolerances: up to 1 passes. Infinite for another shape, NaN or kind."""
    rule = exercise.rule_of(case)
    assert isinstance(rule, Arrays)
    parts = rule.parts
    truth = truth_of(exercise, case)
    values, truths = ((value,), (truth,)) if len(parts) == 1 else (value, truth)
    if len(values) != len(parts):
        return np.inf
    return max(_distance(item, right, part.tolerance) for item, right, part in zip(values, truths, parts, strict=True))


def _distance(value: Any, truth: np.ndarray, tolerance: Tolerance) -> float:
    value = np.zeros(0) if isinstance(value, tuple) and not value else value
    if not isinstance(value, np.ndarray) or value.shape != truth.shape or not np.all(np.isfinite(value)):
        return np.inf
    off = np.abs(value.astype(float) - truth)
    allowed = tolerance.allowed(truth)
    return float(np.max(np.divide(off, allowed, out=np.where(off > 0, np.inf, 0.0), where=allowed > 0), initial=0.0))
