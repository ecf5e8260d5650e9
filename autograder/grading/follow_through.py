"""Follow-through: a mistake costs points only once.

If an earlier exercise is wrong, an answer that calls it is wrong too. Such an answer still counts as right if it
returns what the reference returns when it uses the student's own earlier functions. The kit puts in the known mistakes
that were named in those functions, never the student's code: student code cannot influence this decision, and a wrong
answer whose mistake is unknown excuses nothing.
"""

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from types import CodeType, FunctionType, ModuleType, SimpleNamespace
from typing import Any

import jax
import numpy as np

from autograder.exercises import Assignment, Case, Exercise, KnownMistake
from autograder.exercises.truth import make_room
from autograder.student.selfcheck.diagnosis.two_samples import alike
from autograder.student.selfcheck.trial import Trial
from autograder.student.selfcheck.values import Plain, argument, plain


def used(assignment: Assignment, exercise: Exercise) -> tuple[Exercise, ...]:
    """Return the earlier exercises that the reference's answer to `exercise` calls, directly or indirectly."""
    reference = _reference(assignment)
    called = set(_called(reference, getattr(reference, exercise.name, None), set())) if reference else set()
    before = assignment.graded[: assignment.graded.index(exercise)]
    return tuple(earlier for earlier in before if earlier.name in called)


def follows_from(
    assignment: Assignment,
    exercise: Exercise,
    named: Mapping[str, KnownMistake],
    trials: Sequence[Trial],
) -> tuple[str, ...]:
    """Return the names of the earlier exercises whose mistakes explain all the wrong values; empty if none do.

    Args:
        named: the mistake named in each exercise, by the exercise's name.
        trials: the trials that returned a wrong value.
    """
    wrong = [earlier.name for earlier in used(assignment, exercise) if earlier.name in named]
    cases = {case.name: case for case in exercise.cases}
    for number in range(1, len(wrong) + 1):
        for names in combinations(wrong, number):
            mistakes = tuple(named[name] for name in names)
            if all(_consistent(assignment, exercise, cases[trial.case], names, mistakes, trial) for trial in trials):
                return names
    return ()


def _consistent(
    assignment: Assignment,
    exercise: Exercise,
    case: Case,
    names: tuple[str, ...],
    mistakes: tuple[KnownMistake, ...],
    trial: Trial,
) -> bool:
    own = _own(assignment, exercise, case, names, mistakes, trial.seed)
    if own is None:
        return False
    if trial.determined:
        return trial.rule.compare(trial.value, own, equal_nan=True) is None
    return alike(trial.rule, trial.value, own, trial.expected, by_draws=True)


@lru_cache(maxsize=1000)
def _own(
    assignment: Assignment,
    exercise: Exercise,
    case: Case,
    names: tuple[str, ...],
    mistakes: tuple[KnownMistake, ...],
    seed: int,
) -> Plain:
    """Return what the reference gives with `mistakes` in the exercises `names`; None if it raises."""
    variants = {name: mistake.variant for name, mistake in zip(names, mistakes, strict=True)}
    aspect, arguments = exercise.aspect_of(case), case.arguments(seed)
    try:
        with np.errstate(all="ignore"):
            if exercise.determined(case):
                return plain(_with(assignment, variants, aspect.truth or exercise.truth)(*map(argument, arguments)))
            return aspect.probe(_with(assignment, variants, getattr(_reference(assignment), exercise.name)), arguments)
    except Exception:  # a wrong variant may fail in any way, and so may its callers
        return None
    finally:
        make_room()


def _with(
    assignment: Assignment, variants: Mapping[str, Callable[..., Any]], function: Callable[..., Any]
) -> Callable[..., Any]:
    """Return `function`, of the reference or a caller of it, with `variants` in place of the reference's functions."""
    reference = _reference(assignment)
    assert reference
    assert isinstance(function, FunctionType)
    own = {name: _traceable(variant, getattr(reference, name)) for name, variant in variants.items()}
    names = _rebound(reference, own)
    if function.__module__ == reference.__name__:
        return names[function.__name__]
    home = sys.modules[function.__module__]
    swapped = {alias: SimpleNamespace(**names) for alias, value in vars(home).items() if value is reference}
    return _rebound(home, swapped)[function.__name__]


def _rebound(module: ModuleType, replaced: Mapping[str, Any]) -> dict[str, Any]:
    """Return a module's names, some replaced. Its functions are copied so that they call the replacements."""
    names = dict(vars(module))
    for name, value in vars(module).items():
        if isinstance(value, FunctionType) and value.__module__ == module.__name__:
            names[name] = FunctionType(value.__code__, names, name, value.__defaults__, value.__closure__)
            names[name].__kwdefaults__ = value.__kwdefaults__
    names.update(replaced)
    return names


def _traceable(variant: Callable[..., Any], right: Callable[..., Any]) -> Callable[..., Any]:
    """Make a variant usable inside a loop that JAX traces, even if it is written in NumPy.

    Its values get the shapes and dtypes of the right function's values.
    """

    def call(*args: Any) -> Any:
        try:
            return variant(*args)
        except (jax.errors.TracerArrayConversionError, jax.errors.ConcretizationTypeError):
            form = jax.eval_shape(right, *args)
            return jax.pure_callback(lambda *given: _cast(variant(*map(np.asarray, given)), form), form, *args)

    return call


def _cast(value: Any, form: Any) -> Any:
    return jax.tree.map(lambda leaf, like: np.asarray(leaf, like.dtype).reshape(like.shape), value, form)


def _called(module: ModuleType, function: Any, seen: set[str]) -> Iterator[str]:
    """Yield the names of the module's functions that `function` calls, directly or indirectly."""
    if isinstance(function, FunctionType):
        for name in _names(function.__code__):
            if name not in seen and isinstance(getattr(module, name, None), FunctionType):
                seen.add(name)
                yield name
                yield from _called(module, getattr(module, name), seen)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)


def _reference(assignment: Assignment) -> ModuleType | None:
    """Return the module with the assignment's answers; None for the toy assignments in tests, which have no module."""
    try:
        return importlib.import_module(f"reference.{assignment.name}")
    except ModuleNotFoundError:
        return None
