"""The expected value of a case, and the value that a known mistake gives for it."""

import logging
from collections.abc import Iterable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from autograder import machine
from autograder.exercises import Assignment, Case, Exercise, KnownMistake, Variant, cache, load
from autograder.paths import ASSIGNMENTS
from autograder.student.selfcheck.values import Plain, argument, map_leaves, plain

logger = logging.getLogger(__name__)

MAX_MAPPINGS = 20_000

# The keys compare by identity: each exercise, case and mistake exists once.
_values: dict[tuple[object, ...], Plain] = {}
# The names of each assignment's values on disk.
_on_disk: dict[str, set[str]] = {}


def read_stored(assignment: Assignment) -> None:
    """Read the values of an assignment that are on disk, so that they are not computed."""
    names = _names(assignment)
    if names and assignment.name not in _on_disk:
        stored = cache.read(assignment.name)
        _on_disk[assignment.name] = {*stored}
        _values.update({names[name]: value for name, value in stored.items() if name in names})


def prepare(assignment: Assignment) -> None:
    """Read the values of an assignment that are on disk, and compute the other expected ones."""
    read_stored(assignment)
    for exercise in assignment.graded:
        for case in exercise.cases:
            expected(exercise, case)


def keep(assignment: Assignment) -> None:
    """Write all values computed so far to the cache on disk."""
    known = known_values(assignment)
    if known.keys() - _on_disk.get(assignment.name, set()):
        cache.write(assignment.name, known)


def known_values(assignment: Assignment) -> dict[str, Plain]:
    """All values computed so far, by name."""
    return {name: _values[key] for name, key in _names(assignment).items() if key in _values}


def _names(assignment: Assignment) -> dict[str, tuple[object, ...]]:
    """The name of each value on disk. Assignments that are not part of the kit are not cached."""
    if assignment.name not in ASSIGNMENTS or assignment is not load(assignment.name):
        return {}
    names: dict[str, tuple[object, ...]] = {}
    for exercise in assignment.graded:
        variants = {
            f"{mistake.name} / {form}" if form else mistake.name: variant
            for mistake in (*exercise.mistakes, *exercise.together)
            for form, variant in enumerate(mistake.variants)
        }
        for case in exercise.cases:
            name = f"{exercise.name} / {case.name}"
            names[name] = (exercise, case, 0)
            for seed in range(case.seeds):
                tried = f"{name} / {seed}" if seed else name
                names |= {f"{tried} / {called}": (variant, case, seed) for called, variant in variants.items()}
    return names


def expected(exercise: Exercise, case: Case, seed: int = 0) -> Plain:
    """What a right answer returns, computed in float64 from the case's float32 numbers."""
    key = (exercise, case, seed)
    if key not in _values:
        _values[key] = compute(exercise, case, seed)
    return _values[key]


def compute(exercise: Exercise, case: Case, seed: int) -> Plain:
    """The same as `expected`, without the cache."""
    truth = exercise.aspect_of(case).truth or exercise.truth
    with jax.enable_x64(True):
        return plain(truth(*(map_leaves(_float64, argument) for argument in case.arguments(seed))))


def mistaken(exercise: Exercise, mistake: KnownMistake, cases: Iterable[Case], seed: int = 0) -> dict[str, Plain]:
    """The values that a known mistake returns, by the name of the case; a case on which it raises is left out."""
    values = {case.name: given_by(exercise, mistake.variant, case, seed) for case in cases}
    return {name: value for name, value in values.items() if value is not None}


def given_by(exercise: Exercise, variant: Variant, case: Case, seed: int = 0) -> Plain:
    """The value that a wrong variant of the reference returns on a case; None if it raises."""
    key = (variant, case, seed)
    if key not in _values:
        # In float32, as in a student's notebook: some mistakes only show there.
        try:
            with np.errstate(all="ignore"):
                _values[key] = exercise.aspect_of(case).probe(variant, case.arguments(seed))
        except Exception:  # a wrong variant may fail in any way, like a student's code
            logger.debug("a known mistake raises on “%s”", case.name, exc_info=True)
            _values[key] = None
        make_room()
    return _values[key]


def make_room() -> None:
    """Clear JAX's compiled programs if there are many.

    Linux allows a process 65 530 memory mappings; LLVM aborts the process when it cannot get another.
    """
    if machine.mappings() > MAX_MAPPINGS:
        jax.clear_caches()


def _float64(leaf: Any) -> Any:
    if isinstance(leaf, np.ndarray) and leaf.dtype.kind == "f":
        return jnp.asarray(leaf, np.float64)
    return argument(leaf)
