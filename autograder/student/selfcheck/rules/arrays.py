"""The rules that a returned value is judged by, and the words for what differs.

Tolerances. Inputs are exactly representable in float32, and the expected value is
computed in float64, so a right answer differs only by its own rounding. One float32
operation errs by at most u = 6e-8 relative. A log density at z standard deviations is
near z^2/2 and so errs by a few u z^2/2, and a probability made from it by a quarter of
that: at z = 37.5, a bento of 425 g, by 1e-5 to 4e-5; farther out the probabilities are
0 and 1 to any precision. `STEP` (relative 1e-4, absolute 1e-5) allows 5e-5 for a
probability of .4. A converged fit repeats the step and inherits the problem's own
conditioning, about ten times: `FIT`.

Measured (`tests/autograder/exercises`): right answers in more than a hundred styles use
up at most .26 of the tolerance, all but those at 425 g and the boundaries at
500 g at most a hundredth. Of the known mistakes, the one that shows least, an iteration
too few, exceeds it 10 times on a hidden case; every other one 100 times or more.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..values import Plain
from .mismatch import Mismatch, describe, wrong_kind


class Tolerance(NamedTuple):
    """A value passes within `absolute + relative * |expected|`."""

    relative: float
    absolute: float


EXACT = Tolerance(0.0, 0.0)
STEP = Tolerance(1e-4, 1e-5)
FIT = Tolerance(1e-3, 1e-4)


@dataclass(frozen=True)
class Part:
    """One returned array: its name, its shape in the contract's letters, its tolerance."""

    name: str
    shape: str
    tolerance: Tolerance = STEP


@dataclass(frozen=True)
class Arrays:
    """A rule: one array, or several in a fixed order, each close to the expected one."""

    parts: tuple[Part, ...]

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """None where `value` passes. `expected` is one array, or a tuple with one for each part."""
        if len(self.parts) == 1:
            return _compare_array(value, np.asarray(expected), self.parts[0], equal_nan=equal_nan)
        values = self._unpack(value)
        if values is None:
            wanted = ", ".join(f"{part.name} {part.shape}" for part in self.parts)
            return wrong_kind(f"expected {len(self.parts)} values in this order: {wanted}", value)
        for item, truth, part in zip(values, expected, self.parts, strict=True):
            mismatch = _compare_array(item, np.asarray(truth), part, equal_nan=equal_nan)
            if mismatch:
                return mismatch
        return None

    def _unpack(self, value: Plain) -> tuple[Plain, ...] | None:
        """The parts of a tuple, or of an array that stacks them, as `a, b = value` would."""
        least = 1 if all(part.shape == "()" for part in self.parts) else 2
        if isinstance(value, np.ndarray) and value.ndim >= least:
            value = tuple(np.asarray(one) for one in value)
        return value if isinstance(value, tuple) and len(value) == len(self.parts) else None


@dataclass(frozen=True)
class Named:
    """A rule: a dict that holds each of these arrays by name; the expected value is a dict too."""

    parts: tuple[Part, ...]

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """None where `value` passes; what else the dict holds is left alone.

        A known mistake may leave out an array: then `expected` has none, and `value` passes without it only.
        """
        wanted = f"expected a dict with {', '.join(part.name for part in self.parts)}"
        if not isinstance(value, dict):
            return wrong_kind(wanted, value)
        if any((part.name in value) != (part.name in expected) for part in self.parts):
            return Mismatch(f"{wanted}; some are missing", f"{wanted}; got {describe(value)}")
        for part in self.parts:
            if part.name in value:
                truth = np.asarray(expected[part.name])
                if mismatch := _compare_array(value[part.name], truth, part, equal_nan=equal_nan):
                    return mismatch
        return None


def _compare_array(value: Plain, expected: np.ndarray, part: Part, *, equal_nan: bool) -> Mismatch | None:
    if isinstance(value, tuple) and not value:
        value = np.zeros(0)
    if not isinstance(value, np.ndarray):
        return wrong_kind(f"{part.name} should be {_wanted(part)}", value)
    if value.shape != expected.shape:
        return _wrong_shape(value, expected, part)
    if not equal_nan and not np.all(np.isfinite(value)):
        return _not_finite(value, part)
    value = value.astype(np.float64)
    allowed = part.tolerance.absolute + part.tolerance.relative * np.abs(expected)
    with np.errstate(invalid="ignore"):
        wrong = ~(np.abs(value - expected) <= allowed)
    if equal_nan:
        wrong &= ~((value == expected) | (np.isnan(value) & np.isnan(expected)))
    return _wrong_values(value, expected, wrong, part) if np.any(wrong) else None


def _wrong_shape(value: np.ndarray, expected: np.ndarray, part: Part) -> Mismatch:
    wanted = f"{part.name} should be {_wanted(part)}"
    advice, another = "", "another shape"
    if value.ndim == 2 and value.T.shape == expected.shape:
        advice = ": rows and columns are swapped"
    elif value.ndim == expected.ndim == 1:
        another = "too few values" if len(value) < len(expected) else "too many values"
    exactly = f", here {expected.shape}" if expected.ndim else ""
    return Mismatch(f"{wanted}; got {another}{advice}", f"{wanted}{exactly}; got {describe(value)}{advice}")


def _not_finite(value: np.ndarray, part: Part) -> Mismatch:
    what = "NaN values" if np.any(np.isnan(value)) else "infinite values"
    first = tuple(int(i) for i in np.argwhere(~np.isfinite(value))[0])
    where = f", first at {_index(first)}" if value.ndim else ""
    return Mismatch(f"{part.name}: there are {what}", f"{part.name}: there are {what}{where}")


def _wrong_values(value: np.ndarray, expected: np.ndarray, wrong: np.ndarray, part: Part) -> Mismatch:
    if value.ndim == 0:
        return Mismatch(f"{part.name}: wrong value", f"{part.name}: {_number(value)}, expected {_number(expected)}")
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    count = f"{int(wrong.sum())} of {wrong.size} values are wrong"
    detail = f"{count}, first {_index(first)}: {_number(value[first])}, expected {_number(expected[first])}"
    return Mismatch(f"{part.name}: wrong values", f"{part.name}: {detail}")


def _wanted(part: Part) -> str:
    return "a single number" if part.shape == "()" else f"an array of shape {part.shape}"


def _index(position: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, position))}]"


def _number(value: Any) -> str:
    return f"{float(value):.7g}"
