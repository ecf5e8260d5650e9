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

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from . import figures
from .values import Opaque, Plain


class Tolerance(NamedTuple):
    """A value passes within `absolute + relative * |expected|`."""

    relative: float
    absolute: float


EXACT = Tolerance(0.0, 0.0)
STEP = Tolerance(1e-4, 1e-5)
FIT = Tolerance(1e-3, 1e-4)

MOSTLY = 0.5  # of a stretch: a line that is off on less of it is said to follow
MAX_GAP = 0.05  # between neighbouring points of a line, as a share of the stretch that it must cover


@dataclass(frozen=True)
class Mismatch:
    """What is wrong with a value.

    `summary` holds no number of the case: it may be shown for a hidden case.
    `detail` adds the numbers, for a visible case and for the instructor.
    """

    summary: str
    detail: str


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
            return _wrong_kind(f"expected {len(self.parts)} values in this order: {wanted}", value)
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
            return _wrong_kind(wanted, value)
        if any((part.name in value) != (part.name in expected) for part in self.parts):
            return Mismatch(f"{wanted}; some are missing", f"{wanted}; got {describe(value)}")
        for part in self.parts:
            if part.name in value:
                truth = np.asarray(expected[part.name])
                if mismatch := _compare_array(value[part.name], truth, part, equal_nan=equal_nan):
                    return mismatch
        return None


@dataclass(frozen=True)
class Points:
    """A rule: a figure with a point, or a bar, for each (x, y) of several series, labelled axes and a legend.

    The expected value is `{"x": (N,), "series": {name: (N,)}}`. Points are recognised by where they are,
    whether drawn as a scatter plot, as markers or as the tops of bars, side by side or stacked.
    """

    aside: float = 0.03  # of the stretch of x: how far a bar may stand beside its x
    tolerance: float = 0.01

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """None where `value`, a figure as read by `figures.read`, passes."""
        del equal_nan
        drawing = figures.parse(value)
        if drawing is None:
            return _wrong_kind("expected a matplotlib Figure", value)
        if "series" not in expected:
            return _same("a figure is compared with what it should hold, not with another figure")
        drawn = [series for panel in drawing.panels for series in (*panel.lines, *panel.points)]
        missing = [name for name, y in expected["series"].items() if not self._holds(drawn, expected["x"], y)]
        if missing:
            return _same(f"no points of the figure show {', nor '.join(missing)}")
        panels = [panel for panel in drawing.panels if panel.lines or panel.points]
        return _labels_problem(panels, drawing.legend)

    def _holds(self, drawn: list[figures.Line], x: np.ndarray, y: np.ndarray) -> bool:
        aside = self.aside * np.ptp(x)
        for series in drawn:
            near = np.abs(series.x[:, None] - x) <= aside
            if np.all(np.any(near & (np.abs(series.y[:, None] - y) <= self.tolerance), axis=0)):
                return True
        return False


@dataclass(frozen=True)
class Curves:
    """A rule: a figure that holds each expected curve as a line, labelled axes and a legend.

    The expected value is `{"x": (G,), "curves": {name: (G,)}, "covers": (2,)}`: the curves
    on a grid fine enough to interpolate, and the stretch that a line must cover. A line is
    recognised by its data, wherever and however it is drawn.
    """

    min_points: int = 50
    tolerance: float = 0.01  # of the curve's largest value: below what an eye sees

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """None where `value`, a figure as read by `figures.read`, passes."""
        del equal_nan  # a curve with NaN in it is not drawn
        drawing = figures.parse(value)
        if drawing is None:
            return _wrong_kind("expected a matplotlib Figure", value)
        panels = [panel for panel in drawing.panels if panel.lines]
        lines = [line for panel in panels for line in panel.lines if len(line.x) >= self.min_points]
        missing = [
            name
            for name, curve in expected["curves"].items()
            if not any(self._follows(line, expected["x"], curve, expected["covers"]) for line in lines)
        ]
        if missing:
            says = f"no line of the figure follows {', nor '.join(missing)}"
            drawn = f"{len(lines)} line{'s' * (len(lines) != 1)} of at least {self.min_points} points"
            # A number of lines could carry the inputs of a hidden case to a feedback page.
            return Mismatch(says, f"{says} ({'; '.join([f'{drawn} found', *self._close(lines, missing, expected)])})")
        return _labels_problem(panels, drawing.legend)

    def _follows(self, line: figures.Line, x: np.ndarray, curve: np.ndarray, covers: np.ndarray) -> bool:
        if not np.all(np.isfinite(line.y)) or not self._covers(line, covers):
            return False
        return not np.any(self._off(line, x, curve)[1])

    def _covers(self, line: figures.Line, covers: np.ndarray) -> bool:
        if not np.all(np.isfinite(line.x)) or line.x.min() > covers[0] or line.x.max() < covers[1]:
            return False  # a short piece of a curve proves nothing
        # Nor do points that leave most of it out.
        return bool(np.max(np.diff(np.sort(np.clip(line.x, *covers)))) <= MAX_GAP * (covers[1] - covers[0]))

    def _off(
        self, line: figures.Line, x: np.ndarray, curve: np.ndarray, factor: float = 1.0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Where the points of a line are, and which of them are not on the curve times a factor."""
        inside = (line.x >= x[0]) & (line.x <= x[-1])
        curve = factor * curve
        truth = np.interp(line.x[inside], x, curve)
        return line.x[inside], ~(np.abs(line.y[inside] - truth) <= self.tolerance * np.max(np.abs(curve)))

    def _close(self, lines: list[figures.Line], missing: list[str], expected: Any) -> Iterator[str]:
        """What is drawn and comes close to a missing curve: a piece of it, a multiple, or all of it but a stretch."""
        x, covers = expected["x"], expected["covers"]
        for name in missing:
            curve, short = expected["curves"][name], name.split(" (")[0]
            near: list[tuple[float, str]] = []
            for line in (one for one in lines if np.all(np.isfinite(one.x))):
                if not self._covers(line, covers):
                    if not np.any(self._off(line, x, curve)[1]):
                        near.append(
                            (0, f"a line follows {short}, but not all the way from {covers[0]:.4g} to {covers[1]:.4g}")
                        )
                    continue
                factor = np.nanmax(np.abs(line.y), initial=0) / np.max(np.abs(curve))
                if factor and not np.any(self._off(line, x, curve, factor)[1]):
                    near.append((0, f"a line shows {factor:.4g} times {short}"))
                where, off = self._off(line, x, curve)
                share = np.mean(off[(where >= covers[0]) & (where <= covers[1])])
                if share < MOSTLY:
                    stretch = f"from {where[off].min():.4g} to {where[off].max():.4g}"
                    near.append((share, f"a line follows {short}, but not {stretch}"))
            yield from (says for _, says in sorted(near)[:1])


def describe(value: Plain) -> str:
    """What came back, in words: kind and shape, never the numbers."""
    match value:
        case Opaque(type_name):
            return f"an object of type {type_name}"
        case tuple() if value:
            return f"{len(value)} values ({', '.join(describe(item) for item in value[:8])})"
        case dict() if figures.parse(value) is None:
            return f"a dict with keys {', '.join(sorted(value))}"
        case np.ndarray() if value.ndim > 0:
            return f"an array of shape {value.shape}"
    return _kind(value)


def _kind(value: Plain) -> str:
    """What came back, without a name or a length that the student's code could choose.

    A name or a length could carry the inputs of a hidden case to a feedback page.
    """
    match value:
        case None:
            return "None (is a `return` missing?)"
        case str():
            return "a string"
        case Opaque():
            return "an object that holds no numbers"
        case dict():
            return "a dict" if figures.parse(value) is None else "a matplotlib Figure"
        case tuple():
            return "several values" if value else "an empty list"
        case np.ndarray():
            return "an array" if value.ndim > 0 else "a single number"


def _compare_array(value: Plain, expected: np.ndarray, part: Part, *, equal_nan: bool) -> Mismatch | None:
    if isinstance(value, tuple) and not value:
        value = np.zeros(0)
    if not isinstance(value, np.ndarray):
        return _wrong_kind(f"{part.name} should be {_wanted(part)}", value)
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


def _labels_problem(panels: list[figures.Panel], legend: str) -> Mismatch | None:
    # Panels may share an x axis, which is then labelled once.
    if not any(panel.xlabel for panel in panels):
        return _same("the x axis has no label")
    if not all(panel.ylabel for panel in panels):
        return _same("a y axis has no label")
    return None if legend else _same("the figure has no legend")


def _wrong_kind(wanted: str, value: Plain) -> Mismatch:
    return Mismatch(f"{wanted}; got {_kind(value)}", f"{wanted}; got {describe(value)}")


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


def _same(text: str) -> Mismatch:
    return Mismatch(text, text)
