"""The rules for a figure: what it should show, however it is drawn, and how it should be labelled.

A group of marks shows a curve, or the points of a series, by where it lies; the legend is then compared with what the
groups show. All the faults of a figure are told. An expected value may describe a known mistake: its `lacks` are then
the faults that a figure with this mistake has.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from .. import figures
from ..figures import explained, legends
from ..figures.explained import Fault, Seen
from ..figures.marks import Group, Marks, groups_of, marks_of
from ..values import Opaque, Plain
from .mismatch import Mismatch, wrong_kind

MOSTLY = 0.5  # of a stretch: a line that is off on less of it is said to follow
MAX_GAP = 0.05  # between neighbouring points of a line, as a share of the stretch that it must cover
MOST = 100_000  # marks of a series of points
ALIKE = 12  # groups that show the same, among which distinct ones are looked for

RETURN_FIGURE = "return the figure itself, as in `fig, ax = plt.subplots()` … `return fig`"
EMPTY = Fault(("empty",), "the figure is empty: return the one that you have drawn in, not one made after `plt.show()`")
AXES = ("Axes", "AxesSubplot", "Line2D", "PathCollection", "BarContainer", "ndarray")


@dataclass(frozen=True)
class Points:
    """A rule: a figure with a mark for each (x, y) of several series, labelled axes and a legend.

    The expected value is `{"x": (N,), "series": {name: (N,)}}`, with the names that people have for the series as
    `names`, and patterns for the labels of the two axes as `axes`. Points, lines, bars and areas, side by side or
    stacked, show a series where they are, over the numbers of an axis or over the texts at its ticks; a colour map
    shows it by its colours. The axes may be exchanged.
    """

    aside: float = 0.03  # of the stretch of x: how far a mark may stand beside its x
    tolerance: float = 0.01

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """None where `value`, a figure as read by `artists.read`, passes."""
        del equal_nan
        return _judged(value, expected, self._faults)

    def missing(self, value: Plain, expected: Any) -> list[str]:
        """The names of the series that a figure does not show."""
        return _missing(value, expected["series"], lambda drawing: self._seen(drawing, expected)[0])

    def _faults(self, drawing: figures.Drawing, expected: Any) -> Iterator[Fault]:
        seen, exchanged = self._seen(drawing, expected)
        found = frozenset().union(*(one.shows for one in seen))
        missing = [name for name in expected["series"] if name not in found]
        if missing:
            yield Fault(tuple(missing), f"the points of {explained.listed(missing)} are missing")
            yield from _strays(drawing, seen, expected, "series", len(np.unique(expected["x"])))
        if not missing and not _distinct(seen, list(expected["series"])):
            yield Fault(
                ("alike",), "the points of all series look alike: give each series a colour or a marker of its own"
            )
        things = legends.called(expected.get("names"))
        yield from explained.faults(
            drawing, seen, things, list(expected["series"]), of="the points of", exchanged=exchanged
        )
        yield from explained.exchanged_labels(drawing, seen, expected.get("axes"), exchanged=exchanged)

    def _seen(self, drawing: figures.Drawing, expected: Any) -> tuple[list[Seen], bool]:
        def reading(marks: Marks, exchanged: bool) -> Callable[[Group], frozenset[str]]:
            ticks = [panel.yticks if exchanged else panel.xticks for panel in drawing.panels]
            near = self._near(marks, ticks, np.asarray(expected["x"], float))
            return lambda group: self._shows(group, marks, near, expected, percent=drawing.percent)

        return _either_way(drawing, expected["series"], reading)

    def _near(self, marks: Marks, ticks: Sequence[figures.Ticks], x: np.ndarray) -> np.ndarray:
        """Whether each mark stands at each x, (N, M): by its numbers, or by the text at its tick."""
        aside = self.aside * np.ptp(x)
        low, high = marks.x.min(axis=1) - aside, marks.x.max(axis=1) + aside
        near = (low <= x[:, None]) & (x[:, None] <= high)
        for number, one in enumerate(ticks):
            mine = np.flatnonzero(marks.panel == number)
            at, first = np.unique(one.at, return_index=True)
            if len(at) and len(mine):
                middle, between = marks.x[mine].mean(axis=1), (at[:-1] + at[1:]) / 2
                nearest = np.searchsorted(between, middle)
                step = np.min(np.diff(at), initial=1.0 if len(at) < 2 else np.inf)
                says = legends.holds(x, [one.says[i] for i in first])
                near[:, mine] |= (np.abs(middle - at[nearest]) <= step / 2) & says[:, nearest]
        return near

    def _shows(self, group: Group, marks: Marks, near: np.ndarray, expected: Any, *, percent: bool) -> frozenset[str]:
        if not len(np.unique(expected["x"])) <= len(group.marks) <= MOST:
            return frozenset()
        there = near[:, group.marks]
        if not np.all(np.any(there, axis=1)):
            return frozenset()
        return frozenset(
            name
            for name, y in expected["series"].items()
            if any(
                np.all(np.any(there & (np.abs(height - np.asarray(y)[:, None]) <= self.tolerance), axis=1))
                for height in _heights(group, marks, percent=percent)
            )
        )


@dataclass(frozen=True)
class Curves:
    """A rule: a figure that shows each expected curve, with labelled axes and a legend.

    The expected value is `{"x": (G,), "curves": {name: (G,)}, "covers": (2,)}`: the curves on a grid fine enough to
    interpolate, and the stretch that a line must cover; `also` are curves that may be drawn in addition, and `names`
    what people call them. A line is recognised by its data, wherever and however it is drawn: as a line, as the edge
    or the height of an area, as bars or as many points.
    """

    min_points: int = 50
    tolerance: float = 0.01  # of the curve's largest value: below what an eye sees

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """None where `value`, a figure as read by `artists.read`, passes."""
        del equal_nan  # a curve with NaN in it is not drawn
        return _judged(value, expected, self._faults)

    def missing(self, value: Plain, expected: Any) -> list[str]:
        """The names of the curves that a figure does not show."""
        return _missing(value, expected["curves"], lambda drawing: self._seen(drawing, expected)[0])

    def _faults(self, drawing: figures.Drawing, expected: Any) -> Iterator[Fault]:
        seen, exchanged = self._seen(drawing, expected)
        found = frozenset().union(*(one.shows for one in seen))
        lines = [one for one in drawing.series if len(one.x) >= self.min_points]
        if missing := [name for name in expected["curves"] if name not in found]:
            curves = "the curve of {} is missing" if len(missing) == 1 else "the curves of {} are missing"
            says = curves.format(explained.listed(missing))
            # A number of lines could carry the inputs of a hidden case to a feedback page.
            drawn = f"{len(lines)} line{'s' * (len(lines) != 1)} of at least {self.min_points} points found"
            near = [close for name in missing for close in self._close(lines, name, expected)]
            yield Fault(tuple(missing), says, f"{says} ({'; '.join([drawn, *near])})")
            yield from _strays(drawing, seen, expected, "curves", self.min_points)
        things = legends.called(expected.get("names"))
        yield from explained.faults(
            drawing, seen, things, list(expected["curves"]), of="the curve of", exchanged=exchanged
        )

    def _seen(self, drawing: figures.Drawing, expected: Any) -> tuple[list[Seen], bool]:
        curves = {**expected["curves"], **expected.get("also", {})}

        def reading(marks: Marks, exchanged: bool) -> Callable[[Group], frozenset[str]]:
            del exchanged
            return lambda group: self._shows(group, marks, curves, expected, percent=drawing.percent)

        return _either_way(drawing, expected["curves"], reading)

    def _shows(
        self, group: Group, marks: Marks, curves: Mapping[str, np.ndarray], expected: Any, *, percent: bool
    ) -> frozenset[str]:
        along = marks.x[group.marks].mean(axis=1)
        if len(along) < self.min_points or not self._covers(along, expected["covers"]):
            return frozenset()
        heights = [height for height in _heights(group, marks, percent=percent) if np.all(np.isfinite(height))]
        return frozenset(
            name
            for name, curve in curves.items()
            if any(not np.any(self._off(along, height, expected["x"], curve)[1]) for height in heights)
        )

    def _covers(self, along: np.ndarray, covers: np.ndarray) -> bool:
        if not np.all(np.isfinite(along)) or along.min() > covers[0] or along.max() < covers[1]:
            return False  # a short piece of a curve proves nothing
        # Nor do points that leave most of it out.
        return bool(np.max(np.diff(np.sort(np.clip(along, *covers)))) <= MAX_GAP * (covers[1] - covers[0]))

    def _off(
        self, along: np.ndarray, height: np.ndarray, x: np.ndarray, curve: np.ndarray, factor: float = 1.0
    ) -> tuple[np.ndarray, np.ndarray]:
        """Where the points of a line are, and which of them are not on the curve times a factor."""
        inside = (along >= x[0]) & (along <= x[-1])
        curve = factor * curve
        truth = np.interp(along[inside], x, curve)
        return along[inside], ~(np.abs(height[inside] - truth) <= self.tolerance * np.max(np.abs(curve)))

    def _close(self, lines: Sequence[figures.Series], name: str, expected: Any) -> list[str]:
        """What is drawn and comes close to a missing curve: a piece of it, a multiple, or all of it but a stretch."""
        x, covers, curve, short = expected["x"], expected["covers"], expected["curves"][name], name.split(" (")[0]
        near: list[tuple[float, str]] = []
        for line in lines:
            along, height = line.x.mean(axis=1), line.y[:, 1]
            if not np.all(np.isfinite(along)):
                continue
            if not self._covers(along, covers):
                if not np.any(self._off(along, height, x, curve)[1]):
                    reach = f"all the way from {covers[0]:.4g} to {covers[1]:.4g}"
                    near.append((0, f"a line follows {short}, but not {reach}"))
                continue
            factor = np.nanmax(np.abs(height), initial=0) / np.max(np.abs(curve))
            if factor and not np.any(self._off(along, height, x, curve, factor)[1]):
                near.append((0, f"a line shows {factor:.4g} times {short}"))
            where, off = self._off(along, height, x, curve)
            share = np.mean(off[(where >= covers[0]) & (where <= covers[1])])
            if share < MOSTLY:
                stretch = f"from {where[off].min():.4g} to {where[off].max():.4g}"
                near.append((share, f"a line follows {short}, but not {stretch}"))
        return [says for _, says in sorted(near)[:1]]


def _either_way(
    drawing: figures.Drawing,
    wanted: Collection[str],
    reading: Callable[[Marks, bool], Callable[[Group], frozenset[str]]],
) -> tuple[list[Seen], bool]:
    """What the groups of marks show, and whether the axes are exchanged: the way in which more is found.

    Args:
        wanted: the names of what should be drawn.
        reading: how to tell what a group shows, from the marks as they are to be read.
    """
    marks = marks_of(drawing)
    groups = [*groups_of(marks)]
    best: list[Seen] = []
    turned = False
    for exchanged in (False, True):
        shows = reading(marks.exchanged() if exchanged else marks, exchanged)
        seen = [Seen(group, names) for group in groups if (names := shows(group))]
        if _count(seen, wanted) > _count(best, wanted):
            best, turned = seen, exchanged
        if _count(best, wanted) == len(wanted):
            break
    return best, turned


def _count(seen: Sequence[Seen], wanted: Collection[str]) -> int:
    return len(frozenset().union(*(one.shows for one in seen)).intersection(wanted))


def changes(value: Any, expected: Any) -> Any:
    """What a known mistake makes of a right figure: only what is another one there."""
    if not (isinstance(value, dict) and isinstance(expected, dict)):
        return value
    return {
        name: changes(one, expected.get(name))
        for name, one in value.items()
        if name not in expected or not _equal(one, expected[name])
    }


def changed(expected: Any, found: Any) -> Any:
    """The inverse of `changes`."""
    if not (isinstance(found, dict) and isinstance(expected, dict)):
        return found
    return expected | {name: changed(expected.get(name), one) for name, one in found.items()}


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equal(one[name], other[name]) for name in one)
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        # A mistake is computed in float32.
        return one.shape == other.shape and np.allclose(one, other, rtol=1e-6, atol=1e-9, equal_nan=True)
    return type(one) is type(other) and one == other


def _judged(value: Plain, expected: Any, faults_of: Any) -> Mismatch | None:
    """What is wrong with a figure: None where it has the faults that are expected of it, and no other."""
    lacks = set(expected.get("lacks", ()))
    drawing = figures.parse(value)
    faults = [_no_figure(value) if drawing is None else EMPTY]
    if drawing is not None and drawing.series:
        faults = [*faults_of(drawing, expected)]
    others = [fault for fault in faults if not lacks.issuperset(fault.kinds)]
    if not others and lacks == {kind for fault in faults for kind in fault.kinds}:
        return None
    told = others or [Fault((), "the figure is not as this mistake makes it")]
    return Mismatch(
        "; ".join(fault.summary for fault in told), "; ".join(fault.detail or fault.summary for fault in told)
    )


def _strays(drawing: figures.Drawing, seen: Sequence[Seen], expected: Any, key: str, least: int) -> Iterator[Fault]:
    """Of a known mistake that leaves something out: a series that may stand in its place, and so is another mistake."""
    known = frozenset().union(*(one.group.series for one in seen if one.shows.intersection(expected[key])))
    long = {number for number, one in enumerate(drawing.series) if len(one.x) >= least}
    if expected.get("lacks") and long - known:
        yield Fault(("something else",), "the figure shows something else")


def _no_figure(value: Plain) -> Fault:
    """What came back in place of a figure. Only names that matplotlib gives are told."""
    wrong = wrong_kind("expected a matplotlib Figure", value)
    match value:
        case None:
            return Fault(("nothing returned",), f"{wrong.summary}: {RETURN_FIGURE}")
        case Opaque("module"):
            kind, got = "pyplot returned", "`plt`"
        case Opaque(name) if name in AXES:
            kind, got = "axes returned", "an Axes or what is drawn in it"
        case tuple() if any(figures.parse(one) for one in value):
            kind, got = "several returned", "several values, one of them a Figure"
        case tuple() if value and all(isinstance(one, Opaque) and one.type_name in AXES for one in value):
            kind, got = "axes returned", "an Axes or what is drawn in it"
        case _:
            return Fault(("no figure",), wrong.summary, wrong.detail)
    return Fault((kind,), f"expected a matplotlib Figure; got {got}: {RETURN_FIGURE}")


def _missing(value: Plain, names: Mapping[str, Any], seen_in: Any) -> list[str]:
    drawing = figures.parse(value)
    found = frozenset().union(*(one.shows for one in seen_in(drawing))) if drawing else frozenset()
    return [name for name in names if name not in found]


def _heights(group: Group, marks: Marks, *, percent: bool) -> Iterator[np.ndarray]:
    """What the marks of a group may show: where they end, how long they are, or what their colours stand for."""
    y, value = marks.y[group.marks], marks.value[group.marks]
    readings = [y.max(axis=1)]
    if np.any(length := np.abs(y[:, 1] - y[:, 0])):
        readings.append(length)
    if group.row is not None:
        readings = [value]
    for reading in readings:
        yield reading
        if percent:
            yield reading / 100


def _distinct(seen: Sequence[Seen], names: Sequence[str]) -> bool:
    """Whether there is a group for each name that has no mark in common with the others'."""
    choices = [
        [
            set(one.group.marks.tolist())
            for one in sorted(seen, key=lambda one: len(one.group.marks))
            if name in one.shows
        ]
        for name in names
    ]
    return any(
        sum(map(len, chosen)) == len(set().union(*chosen)) for chosen in product(*(some[:ALIKE] for some in choices))
    )
