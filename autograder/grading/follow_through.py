"""Follow-through: one mistake costs its points once.

An answer that calls earlier exercises is wrong where these are. It is right all the same if it gives what the reference
gives with the student's own earlier functions. Those are taken from the kit, as the known mistakes that were named in
them: nothing that a student's code says decides, and what is wrong in an unknown way excuses nothing.
"""

import importlib
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import combinations
from types import CodeType, FunctionType, ModuleType, SimpleNamespace
from typing import Any

import jax
import numpy as np

from autograder.exercises import Assignment, Case, Exercise, Misconception
from autograder.exercises.truth import expected, make_room
from autograder.student.selfcheck.diagnosis.two_samples import alike
from autograder.student.selfcheck.values import Plain, argument, plain


def used(assignment: Assignment, exercise: Exercise) -> tuple[Exercise, ...]:
    """The exercises before this one that the reference's answer calls, directly or not."""
    reference = _reference(assignment)
    called = set(_called(reference, getattr(reference, exercise.name, None), set())) if reference else set()
    before = assignment.exercises[: assignment.exercises.index(exercise)]
    return tuple(one for one in before if isinstance(one, Exercise) and one.name in called)


def follows_from(
    assignment: Assignment,
    exercise: Exercise,
    named: Mapping[str, Misconception],
    returned: Mapping[str, Plain],
    attempts: Mapping[str, int],
) -> tuple[str, ...]:
    """The earlier exercises whose mistakes explain all that came back; none where they do not.

    Args:
        named: the mistakes that were named, by exercise.
        returned: what came back where it is wrong, by the name of the case.
        attempts: to which attempt at the case.
    """
    wrong = [one.name for one in used(assignment, exercise) if one.name in named]
    cases = [case for case in exercise.cases if case.name in returned]
    for number in range(1, len(wrong) + 1):
        for names in combinations(wrong, number):
            mistakes = tuple(named[name] for name in names)
            if all(
                _consistent(assignment, exercise, case, names, mistakes, returned[case.name], attempts[case.name])
                for case in cases
            ):
                return names
    return ()


def _consistent(
    assignment: Assignment,
    exercise: Exercise,
    case: Case,
    names: tuple[str, ...],
    mistakes: tuple[Misconception, ...],
    value: Plain,
    attempt: int,
) -> bool:
    rule, own = exercise.rule_of(case), _own(assignment, exercise, case, names, mistakes, attempt)
    if own is None:
        return False
    if exercise.determined(case):
        return rule.compare(value, own, equal_nan=True) is None
    return alike(rule, value, own, expected(exercise, case, attempt), by_draws=True)


@lru_cache(maxsize=1000)
def _own(
    assignment: Assignment,
    exercise: Exercise,
    case: Case,
    names: tuple[str, ...],
    mistakes: tuple[Misconception, ...],
    attempt: int,
) -> Plain:
    """What the reference gives with these mistakes in the exercises of these names; None where it raises."""
    variants = {name: mistake.variant for name, mistake in zip(names, mistakes, strict=True)}
    aspect, arguments = exercise.aspect_of(case), case.arguments(attempt)
    try:
        with np.errstate(all="ignore"):
            if exercise.determined(case):
                return plain(_with(assignment, variants, aspect.truth or exercise.truth)(*map(argument, arguments)))
            return aspect.probe(_with(assignment, variants, getattr(_reference(assignment), exercise.name)), arguments)
    except Exception:  # a wrong variant may fail in any way, and what is built on it too
        return None
    finally:
        make_room()


def _with(
    assignment: Assignment, variants: Mapping[str, Callable[..., Any]], function: Callable[..., Any]
) -> Callable[..., Any]:
    """A function of the reference, or one that calls it, with variants in the place of some others."""
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
    """The names of a module, its functions calling each other there, with some of them replaced."""
    names = dict(vars(module))
    for name, value in vars(module).items():
        if isinstance(value, FunctionType) and value.__module__ == module.__name__:
            names[name] = FunctionType(value.__code__, names, name, value.__defaults__, value.__closure__)
            names[name].__kwdefaults__ = value.__kwdefaults__
    names.update(replaced)
    return names


def _traceable(variant: Callable[..., Any], right: Callable[..., Any]) -> Callable[..., Any]:
    """A variant, perhaps in NumPy, for use in a loop that JAX traces; its values get the right one's forms."""

    def call(*args: Any) -> Any:
        try:
            return variant(*args)
        except (jax.errors.TracerArrayConversionError, jax.errors.ConcretizationTypeError):
            form = jax.eval_shape(right, *args)
            return jax.pure_callback(lambda *given: _cast(variant(*map(np.asarray, given)), form), form, *args)

    return call


def _cast(value: Any, form: Any) -> Any:
    return jax.tree.map(lambda one, like: np.asarray(one, like.dtype).reshape(like.shape), value, form)


def _called(module: ModuleType, function: Any, seen: set[str]) -> Iterator[str]:
    """The functions of a module that one of them calls, directly or not."""
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
    """The module of the assignment's answers; toys in tests have none."""
    try:
        return importlib.import_module(f"reference.{assignment.name}")
    except ModuleNotFoundError:
        return None
