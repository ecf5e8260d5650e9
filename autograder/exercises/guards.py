"""Guards against 0/0 and log 0 as students write them, with the constants that they use."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from autograder.exercises import KnownMistake, Variant, catalogue

CONSTANTS = (1e-12, 1e-10, 1e-8, 1e-300, 1e-30, 1e-16, 1e-15, 1e-9, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-20)
FLOORS = (1.0, 0.5, 0.1, 0.01, 1e-3, 1e-4, 1e-5, 1e-6, 2.0, 0.2)  # of standard deviations
# Ways to keep numbers away from 0.
RAISED = (
    lambda numbers, floor: np.maximum(numbers, floor),
    lambda numbers, floor: numbers + floor,
    lambda numbers, floor: np.sqrt(numbers**2 + floor),
    lambda numbers, floor: np.sqrt(np.maximum(numbers**2, floor)),
)
BOUNDS = (100.0, 50.0, 700.0, 500.0, 80.0, 20.0, 30.0, 10.0)  # of logarithms


def guarded(*forms: Callable[..., Any], constants: tuple[float, ...] = CONSTANTS) -> tuple[Variant, ...]:
    """Each form with each of the usual small constants. A form takes the constant before its other arguments."""
    return tuple(_with(form, constant) for form in forms for constant in constants)


def bounded(*forms: Callable[..., Any]) -> tuple[Variant, ...]:
    """Each form with each of the usual bounds of logarithms. A form takes the bound before its other arguments."""
    return tuple(_with(form, bound) for form in forms for bound in BOUNDS)


def spread_floor(floored: Callable[[Callable[[Any], Any]], Variant]) -> KnownMistake:
    """The mistake of a floor under standard deviations. `floored` makes the variant, given the function that raises."""
    first, *others = (floored(partial(raised, floor=floor)) for raised in RAISED for floor in FLOORS)
    return catalogue.SMALL_STDS_RAISED.here(
        hint="A spread of 0.001 is normal in some units. Which line of your code does not let it be so small?",
        variant=first,
        forms=tuple(others),
    )


def weight_floor(floored: Callable[[Callable[[Any], Any]], Variant]) -> KnownMistake:
    """The mistake of a floor under weights. `floored` makes the variant, given the function that raises."""
    constants = (1e-3, 0.01, 0.1, 1e-4, 1e-5, 1e-6)
    first, *others = (floored(partial(raised, floor=floor)) for raised in RAISED[:2] for floor in constants)
    return catalogue.SMALL_WEIGHTS_RAISED.here(
        hint="A component may be very rare. Which line of your code does not let its weight be so small?",
        variant=first,
        forms=tuple(others),
    )


def _with(form: Callable[..., Any], constant: float) -> Variant:
    # In float64, because 1e-300 is 0 in float32.
    return lambda *args: form(constant, *(np.asarray(arg, float) for arg in args))
