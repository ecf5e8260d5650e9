"""The right value of a case, and the value that a known mistake gives for it."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import matplotlib as mpl
import numpy as np

from autograder.beside.selfcheck.probes import Probe
from autograder.beside.selfcheck.values import Key, Plain, Prior, plain
from autograder.exercises import Assignment, Case, Exercise, Misconception

jax.config.update("jax_disable_most_optimizations", True)  # compiling costs far more than running
mpl.use("agg")  # a reference or a variant may draw; nothing is ever shown


@lru_cache(maxsize=1024)
def expected(exercise: Exercise, case: Case, attempt: int = 0) -> Plain:
    """What a right answer returns, computed in float64 from the case's float32 numbers."""
    truth = exercise.aspect_of(case).truth or exercise.truth
    with jax.enable_x64(True):
        return plain(truth(*map(_float64, case.arguments(attempt))))


def compute_all(assignment: Assignment) -> None:
    """Compute the right value of every case now; `expected` keeps them."""
    for exercise in assignment.exercises:
        if isinstance(exercise, Exercise):
            for case in exercise.cases:
                expected(exercise, case)


def mistaken(exercise: Exercise, mistake: Misconception, cases: Iterable[Case]) -> dict[str, Plain]:
    """What a known mistake returns, by the name of the case; a case on which it raises is absent."""
    values = {case.name: _mistaken(mistake, exercise.aspect_of(case).probe, case) for case in cases}
    return {name: value for name, value in values.items() if value is not None}


@lru_cache(maxsize=4096)
def _mistaken(mistake: Misconception, probe: Probe, case: Case) -> Plain:
    # In float32, as in a student's notebook: some mistakes only show there.
    try:
        with np.errstate(all="ignore"):
            return probe(mistake.variant, case.args)
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
        case Prior():
            return Prior(*map(_float64, value))
        case dict():
            return {name: _float64(item) for name, item in value.items()}
    return value
