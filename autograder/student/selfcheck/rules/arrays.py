"""Rules that compare returned arrays with expected ones, and describe the difference.

Tolerances. Inputs are exactly representable in float32, and the expected value is computed in float64. So a right
answer differs only by its own rounding. One float32 operation has a relative error of at most u = 6e-8. A log density
at z standard deviations is near z^2/2, so its error is a few times u z^2/2. The error of a probability computed from it
is a quarter of that: for a bento of 425 g, at z = 37.5, it is 1e-5 to 4e-5. Farther out, the probabilities are 0 and 1
to any precision. `STEP` (relative 1e-4, absolute 1e-5) allows 5e-5 for a probability of .4. A converged fit repeats the
step; the conditioning of the problem makes its error about ten times as large: `FIT`.

Measured (`tests/autograder/exercises`): right answers in more than a hundred styles use at most .26 of the tolerance.
Except at 425 g and for the boundaries at 500 g, they use at most a hundredth. The known mistake with the smallest
effect is one iteration too few: it exceeds the tolerance 10 times on a hidden case. Every other mistake exceeds it 100
times or more.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..values import Plain
from .mismatch import Mismatch, describe, wrong_form


class Tolerance(NamedTuple):
    """A value passes within `absolute + relative * |expected|`."""

    relative: float
    absolute: float

    def allowed(self, expected: Any) -> np.ndarray:
        """The largest allowed distance from each expected value."""
        return self.absolute + self.relative * np.abs(expected)


EXACT = Tolerance(0.0, 0.0)
STEP = Tolerance(1e-4, 1e-5)
FIT = Tolerance(1e-3, 1e-4)


@dataclass(frozen=True)
class Part:
    """One returned array.

    Attributes:
        name: its name in messages.
        shape: its shape in letters, as in the function's docstring, such as `(N, K)`.
        tolerance: how close its numbers must be.
    """

    name: str
    shape: str
    tolerance: Tolerance = STEP


@dataclass(frozen=True)
class Arrays:
    """A rule: one array, or several arrays in a fixed order, each close to the expected array."""

    parts: tuple[Part, ...]

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """Compare a value; None if it passes.

        Args:
            value: the returned value.
            expected: one array, or a tuple with an array for each part.
            equal_nan: NaN equals NaN, and infinity equals infinity.
        """
        values, truths = self.apart(value), expected if len(self.parts) > 1 else (expected,)
        if values is None or self._one_row(value):
            wanted = ", ".join(f"{part.name} {part.shape}" for part in self.parts)
            return wrong_form(f"expected {len(self.parts)} values in this order: {wanted}", value)
        for item, truth, part in zip(values, truths, self.parts, strict=True):
            mismatch = _compare_array(item, np.asarray(truth), part, equal_nan=equal_nan)
            if mismatch:
                return mismatch
        return None

    def apart(self, value: Plain) -> tuple[Plain, ...] | None:
        """The parts of a value, as in `a, b = value`; None if their number is wrong."""
        if len(self.parts) == 1:
            return (value,)
        if isinstance(value, np.ndarray) and value.ndim:
            value = tuple(np.asarray(row) for row in value)
        return value if isinstance(value, tuple) and len(value) == len(self.parts) else None

    def _one_row(self, value: Plain) -> bool:
        """Whether a single row of numbers was returned instead of several arrays."""
        arrays = len(self.parts) > 1 and any(part.shape != "()" for part in self.parts)
        return arrays and isinstance(value, np.ndarray) and value.ndim < 2


@dataclass(frozen=True)
class Named:
    """A rule: a dict that contains each of these arrays by name. The expected value is a dict too."""

    parts: tuple[Part, ...]

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """Compare a value; None if it passes. Further entries of the dict are ignored.

        A known mistake may leave out an array: then `expected` does not have it, and `value` must not have it either.
        """
        wanted = f"expected a dict with {', '.join(part.name for part in self.parts)}"
        if not isinstance(value, dict):
            return wrong_form(wanted, value)
        if any((part.name in value) != (part.name in expected) for part in self.parts):
            return Mismatch("form", f"{wanted}; some are missing", f"{wanted}; got {describe(value)}", ("missing",))
        for part in self.parts:
            if part.name in value:
                truth = np.asarray(expected[part.name])
                if mismatch := _compare_array(value[part.name], truth, part, equal_nan=equal_nan):
                    return mismatch
        return None

    def apart(self, value: Plain) -> tuple[Plain, ...] | None:
        """The arrays of a dict, in the order of the rule; None if one is missing."""
        if not isinstance(value, dict) or any(part.name not in value for part in self.parts):
            return None
        return tuple(value[part.name] for part in self.parts)


def apart(rule: Any, value: Plain) -> tuple[Plain, ...]:
    """The parts of a value, if the rule compares it part by part. Empty if the parts are wrong, or under other rules.

    An empty list becomes an empty array.
    """
    found = rule.apart(value) if isinstance(rule, (Arrays, Named)) else None
    return tuple(np.zeros(0) if isinstance(part, tuple) and not part else part for part in found or ())


def _compare_array(value: Plain, expected: np.ndarray, part: Part, *, equal_nan: bool) -> Mismatch | None:
    if isinstance(value, tuple) and not value:
        value = np.zeros(0)
    if not isinstance(value, np.ndarray):
        return wrong_form(f"{part.name} should be {_wanted(part)}", value, part.name)
    if value.shape != expected.shape:
        return _wrong_shape(value, expected, part)
    if not equal_nan and not np.all(np.isfinite(value)):
        return _not_finite(value, part)
    value = value.astype(np.float64)
    with np.errstate(invalid="ignore"):
        wrong = ~(np.abs(value - expected) <= part.tolerance.allowed(expected))
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
    summary, detail = f"{wanted}; got {another}{advice}", f"{wanted}{exactly}; got {describe(value)}{advice}"
    return Mismatch("form", summary, detail, (part.name, "swapped" if advice else another))


def _not_finite(value: np.ndarray, part: Part) -> Mismatch:
    found = "NaN values" if np.any(np.isnan(value)) else "infinite values"
    about = (part.name, found)
    first = tuple(int(i) for i in np.argwhere(~np.isfinite(value))[0])
    where = f", first at {_index(first)}" if value.ndim else ""
    return Mismatch("not_finite", f"{part.name}: there are {found}", f"{part.name}: there are {found}{where}", about)


def _wrong_values(value: np.ndarray, expected: np.ndarray, wrong: np.ndarray, part: Part) -> Mismatch:
    if value.ndim == 0:
        detail = f"{_number(value)}, expected {_number(expected)}"
        return Mismatch("values", f"{part.name}: wrong value", f"{part.name}: {detail}", (part.name,))
    first = tuple(int(i) for i in np.argwhere(wrong)[0])
    count = f"{int(wrong.sum())} of {wrong.size} values are wrong"
    detail = f"{count}, first {_index(first)}: {_number(value[first])}, expected {_number(expected[first])}"
    return Mismatch("values", f"{part.name}: wrong values", f"{part.name}: {detail}", (part.name,))


def _wanted(part: Part) -> str:
    return "a single number" if part.shape == "()" else f"an array of shape {part.shape}"


def _index(position: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, position))}]"


def _number(value: Any) -> str:
    return f"{float(value):.7g}"
