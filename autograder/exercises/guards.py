"""What students write against 0/0 and log 0, with the constants that they take."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.exercises import Misconception, Variant, catalogue

CONSTANTS = (1e-12, 1e-10, 1e-8, 1e-300, 1e-30, 1e-16, 1e-15, 1e-9, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-20)
FLOORS = (1.0, 0.5, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 2.0, 0.3, 0.25, 0.2, 0.05, 0.02, 5.0, 10.0)  # of spreads
# How standard deviations are kept from being small.
RAISED = (
    lambda stds, floor: np.maximum(stds, floor),
    lambda stds, floor: stds + floor,
    lambda stds, floor: np.sqrt(stds**2 + floor),
    lambda stds, floor: np.sqrt(np.maximum(stds**2, floor)),
)
BOUNDS = (100.0, 50.0, 700.0, 500.0, 80.0, 20.0, 30.0, 10.0)  # of logarithms


def guarded(*forms: Callable[..., Any], constants: tuple[float, ...] = CONSTANTS) -> tuple[Variant, ...]:
    """The variants that take a small constant before their arguments, with each of the usual ones."""
    return tuple(_with(form, constant) for form in forms for constant in constants)


def bounded(*forms: Callable[..., Any]) -> tuple[Variant, ...]:
    """The variants that take a bound of logarithms before their arguments, with each of the usual ones."""
    return tuple(_with(form, bound) for form in forms for bound in BOUNDS)


def spread_floor(floored: Callable[[Callable[[Any], Any]], Variant]) -> Misconception:
    """The mistake of keeping standard deviations from being small: `floored` makes it, with a function that does so."""
    first, *others = (floored(partial(raised, floor=floor)) for raised in RAISED for floor in FLOORS)
    return catalogue.SMALL_STDS_RAISED.here(
        hint="A spread of 0.001 is an everyday one in some unit. Which line of your code does not let it be so small?",
        variant=first,
        forms=tuple(others),
    )


def _with(form: Callable[..., Any], constant: float) -> Variant:
    # In float64: in float32, 1e-300 would be no constant but 0.
    return lambda *args: form(constant, *(np.asarray(arg, float) for arg in args))
