"""What students write against 0/0 and log 0, with the constants that they take; and two mistakes at once."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.exercises import Misconception, Together, Variant

CONSTANTS = (1e-12, 1e-10, 1e-8, 1e-300, 1e-30, 1e-16, 1e-15, 1e-9, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-20)
BOUNDS = (100.0, 50.0, 700.0, 500.0, 80.0, 20.0, 30.0, 10.0)  # of logarithms


def guarded(*forms: Callable[..., Any], constants: tuple[float, ...] = CONSTANTS) -> tuple[Variant, ...]:
    """The variants that take a small constant before their arguments, with each of the usual ones."""
    return tuple(_with(form, constant) for form in forms for constant in constants)


def bounded(*forms: Callable[..., Any]) -> tuple[Variant, ...]:
    """The variants that take a bound of logarithms before their arguments, with each of the usual ones."""
    return tuple(_with(form, bound) for form in forms for bound in BOUNDS)


def on_top(
    first: Misconception, others: tuple[Misconception, ...], change: Callable[[Variant], Variant]
) -> tuple[Together, ...]:
    """The first mistake together with each of the others: `change` makes the first one in a wrong variant."""
    return tuple(Together(mistakes=(first, other), variant=change(other.variant)) for other in others)


def named(mistakes: tuple[Misconception, ...], *names: str) -> tuple[Misconception, ...]:
    """Some mistakes by their names."""
    return tuple(one_of(mistakes, name) for name in names)


def one_of(mistakes: tuple[Misconception, ...], name: str) -> Misconception:
    """A mistake by its name."""
    return next(mistake for mistake in mistakes if mistake.name == name)


def _with(form: Callable[..., Any], constant: float) -> Variant:
    # In float64: in float32, 1e-300 would be no constant but 0.
    return lambda *args: form(constant, *(np.asarray(arg, float) for arg in args))
