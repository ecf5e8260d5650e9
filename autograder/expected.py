"""The right value of a case, and the value that a known mistake gives for it."""

from collections.abc import Iterable
from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import matplotlib as mpl
import numpy as np

from autograder.beside.selfcheck.values import Key, Plain, plain
from autograder.exercises import Assignment, Case, Exercise, Misconception

jax.config.update("jax_disable_most_optimizations", True)  # compiling costs far more than running
mpl.use("agg")  # a reference or a variant may draw; nothing is ever shown


@cache
def expected(exercise: Exercise, case: Case) -> Plain:
    """What a right answer returns, computed in float64 from the case's float32 numbers."""
    with jax.enable_x64(True):
        return plain(exercise.truth(*map(_float64, case.args)))


def compute_all(assignment: Assignment) -> None:
    """Compute the right value of every case now; `expected` keeps them."""
    for exercise in assignment.exercises:
        if isinstance(exercise, Exercise):
            for case in exercise.cases:
                expected(exercise, case)


def mistaken(mistake: Misconception, cases: Iterable[Case]) -> dict[str, Plain]:
    """What a known mistake returns, by the name of the case; a case on which it raises is absent."""
    values = {case.name: _mistaken(mistake, case) for case in cases}
    return {name: value for name, value in values.items() if value is not None}


@cache
def _mistaken(mistake: Misconception, case: Case) -> Plain:
    # In float32, as in a student's notebook: some mistakes only show there.
    try:
        with np.errstate(all="ignore"):
            return plain(mistake.variant(*case.args))
    except Exception:  # a wrong variant may fail in any way a student's code may
        return None


def _float64(value: Any) -> Any:
    match value:
        case np.ndarray() if value.dtype.kind == "f":
            return jnp.asarray(value, np.float64)
        case np.ndarray():
            return jnp.asarray(value)
        case Key(seed):
            return jax.random.key(seed)
    return value
