"""Rules for figures: which curves or points a figure must show, in any style, and how it must be labelled.

The position of a group of marks tells which curve, or which series of points, it shows. Then the legend is compared
with what the groups show. All faults of a figure are reported. An expected value may describe a known mistake: then its
entry `lacks` has the faults of a figure with this mistake.
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
from .mismatch import Mismatch, wrong_form

MOSTLY = 0.5  # a line follows a curve if it is off on less than this share of the range
MAX_GAP = 0.05  # largest gap between neighbouring points of a line, as a share of the range that it must cover
MOST = 100_000  # the most marks of a series of points
ALIKE = 12  # the most groups that show the same series, among which distinct groups are sought

RETURN_FIGURE = "return the figure itself, as in `fig, ax = plt.subplots()` … `return fig`"
EMPTY = Fault(("empty",), "the figure is empty: return the one that you have drawn in, not one made after `plt.show()`")
AXES = ("Axes", "AxesSubplot", "Line2D", "PathCollection", "BarContainer", "ndarray")


@dataclass(frozen=True)
class Points:
    """A rule: a figure with a mark for each (x, y) of several series, labelled axes and a legend.

    The expected value is `{"x": (N,), "series": {name: (N,)}, "names": ..., "axes": ...}`: `names` are the words that
    people use for the series, and `axes` are patterns for the labels of the two axes. Points, lines, bars and areas,
    side by side or stacked, show a series by their positions, over the numbers of an axis or over the texts at its
    ticks. A colour map shows it by its colours. The axes may be exchanged.
    """

    aside: float = 0.03  # how far a mark may stand beside its x, as a share of the range of x
    tolerance: float = 0.01

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """Compare a figure as read by `artists.read`; None if it passes."""
        del equal_nan
        return _judged(value, expected, self._faults)

    def missing(self, value: Plain, expected: Any) -> list[str]:
        """The names of the series that a figure does not show."""
        return _missing(value, expected["series"], lambda drawing: self._seen(drawing, expected)[0])

    def _faults(self, drawing: figures.Drawing, expected: Any) -> Iterator[Fault]:
        seen, exchanged = self._seen(drawing, expected)
        found = frozenset().union(*(entry.shows for entry in seen))
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
        """Whether each mark stands at each x, (N, M), by the number on the axis or by the text at the tick."""
        aside = self.aside * np.ptp(x)
        low, high = marks.x.min(axis=1) - aside, marks.x.max(axis=1) + aside
        near = (low <= x[:, None]) & (x[:, None] <= high)
        for number, axis in enumerate(ticks):
            mine = np.flatnonzero(marks.panel == number)
            at, first = np.unique(axis.at, return_index=True)
            if len(at) and len(mine):
                middle, between = marks.x[mine].mean(axis=1), (at[:-1] + at[1:]) / 2
                nearest = np.searchsorted(between, middle)
                step = np.min(np.diff(at), initial=1.0 if len(at) < 2 else np.inf)
                says = legends.holds(x, [axis.says[i] for i in first])
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

    The expected value is `{"x": (G,), "curves": {name: (G,)}, "covers": (2,)}`: the curves on a grid that is fine
    enough to interpolate, and the range that a line must cover. It may also have `also`, further curves that may be
    drawn, and `names`, the words that people use for the curves. A curve is recognised by its data, in any style: a
    line, the edge or the height of an area, bars, or many points.
    """

    min_points: int = 50
    tolerance: float = 0.01  # share of the curve's largest value; an eye does not see less

    def compare(self, value: Plain, expected: Any, *, equal_nan: bool = False) -> Mismatch | None:
        """Compare a figure as read by `artists.read`; None if it passes."""
        del equal_nan  # a curve with NaN in it is not drawn
        return _judged(value, expected, self._faults)

    def missing(self, value: Plain, expected: Any) -> list[str]:
        """The names of the curves that a figure does not show."""
        return _missing(value, expected["curves"], lambda drawing: self._seen(drawing, expected)[0])

    def _faults(self, drawing: figures.Drawing, expected: Any) -> Iterator[Fault]:
        seen, exchanged = self._seen(drawing, expected)
        found = frozenset().union(*(entry.shows for entry in seen))
        lines = [series for series in drawing.series if len(series.x) >= self.min_points]
        if missing := [name for name in expected["curves"] if name not in found]:
            curves = "the curve of {} is missing" if len(missing) == 1 else "the curves of {} are missing"
            says = curves.format(explained.listed(missing))
            # A number of lines could carry the inputs of a hidden case to a feedback page.
            drawn = f"{len(lines)} line{'s' * (len(lines) != 1)} of at least {self.min_points} points found"
            if shorter := len(drawing.series) - len(lines):
                drawn += f", {shorter} with fewer"
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
        # Points with a large gap between them prove nothing either.
        return bool(np.max(np.diff(np.sort(np.clip(along, *covers)))) <= MAX_GAP * (covers[1] - covers[0]))

    def _off(
        self, along: np.ndarray, height: np.ndarray, x: np.ndarray, curve: np.ndarray, factor: float = 1.0
    ) -> tuple[np.ndarray, np.ndarray]:
        """The positions of a line's points along x, and which of them are not on the curve times a factor."""
        inside = (along >= x[0]) & (along <= x[-1])
        curve = factor * curve
        truth = np.interp(along[inside], x, curve)
        return along[inside], ~(np.abs(height[inside] - truth) <= self.tolerance * np.max(np.abs(curve)))

    def _close(self, lines: Sequence[figures.Series], name: str, expected: Any) -> list[str]:
        """Sentences on lines that nearly show a missing curve: a piece, a multiple, or all of it except a part."""
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
    """What the groups of marks show, and whether the axes are exchanged: of the two ways, the way that finds more.

    Args:
        wanted: the names of the curves or series that should be drawn.
        reading: gives, for marks read in one of the two ways, a function that tells what a group shows.
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
    return len(frozenset().union(*(entry.shows for entry in seen)).intersection(wanted))


def changes(value: Any, expected: Any) -> Any:
    """The entries of a mistake's expected figure that differ from the right one."""
    if not (isinstance(value, dict) and isinstance(expected, dict)):
        return value
    return {
        name: changes(entry, expected.get(name))
        for name, entry in value.items()
        if name not in expected or not _equal(entry, expected[name])
    }


def changed(expected: Any, found: Any) -> Any:
    """The inverse of `changes`."""
    if not (isinstance(found, dict) and isinstance(expected, dict)):
        return found
    return expected | {name: changed(expected.get(name), entry) for name, entry in found.items()}


def _equal(first: Any, second: Any) -> bool:
    if isinstance(first, dict) and isinstance(second, dict):
        return first.keys() == second.keys() and all(_equal(first[name], second[name]) for name in first)
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray):
        # The values of a mistake are computed in float32.
        return first.shape == second.shape and np.allclose(first, second, rtol=1e-6, atol=1e-9, equal_nan=True)
    return type(first) is type(second) and first == second


def _judged(value: Plain, expected: Any, faults_of: Any) -> Mismatch | None:
    """The mismatch of a figure; None if it has exactly the faults that `expected` lists in `lacks`."""
    lacks = set(expected.get("lacks", ()))
    drawing = figures.parse(value)
    faults = [_no_figure(value) if drawing is None else EMPTY]
    if drawing is not None and drawing.series:
        faults = [*faults_of(drawing, expected)]
    others = [fault for fault in faults if not lacks.issuperset(fault.kinds)]
    if not others and lacks == {kind for fault in faults for kind in fault.kinds}:
        return None
    shown = others or [Fault((), "the figure is not as this mistake makes it")]
    return Mismatch(
        "form" if drawing is None else "figure",
        "; ".join(fault.summary for fault in shown),
        "; ".join(fault.detail or fault.summary for fault in shown),
        tuple(kind for fault in shown for kind in fault.kinds),
    )


def _strays(drawing: figures.Drawing, seen: Sequence[Seen], expected: Any, key: str, least: int) -> Iterator[Fault]:
    """If the expected figure lacks something: report an unknown series, which makes it a different mistake."""
    known = frozenset().union(*(entry.group.series for entry in seen if entry.shows.intersection(expected[key])))
    long = {number for number, series in enumerate(drawing.series) if len(series.x) >= least}
    if expected.get("lacks") and long - known:
        yield Fault(("something else",), "the figure shows something else")


def _no_figure(value: Plain) -> Fault:
    """The fault of a value that is not a figure. Of the names in it, only matplotlib's own are shown."""
    wrong = wrong_form("expected a matplotlib Figure", value)
    match value:
        case None:
            return Fault(("nothing returned",), f"{wrong.summary}: {RETURN_FIGURE}")
        case Opaque("module"):
            kind, got = "pyplot returned", "`plt`"
        case Opaque(name) if name in AXES:
            kind, got = "axes returned", "an Axes or what is drawn in it"
        case tuple() if any(figures.parse(item) for item in value):
            kind, got = "several returned", "several values, one of them a Figure"
        case tuple() if value and all(isinstance(item, Opaque) and item.type_name in AXES for item in value):
            kind, got = "axes returned", "an Axes or what is drawn in it"
        case _:
            return Fault(("no figure", *wrong.about), wrong.summary, wrong.detail)
    return Fault((kind,), f"expected a matplotlib Figure; got {got}: {RETURN_FIGURE}")


def _missing(value: Plain, names: Mapping[str, Any], seen_in: Any) -> list[str]:
    drawing = figures.parse(value)
    found = frozenset().union(*(entry.shows for entry in seen_in(drawing))) if drawing else frozenset()
    return [name for name in names if name not in found]


def _heights(group: Group, marks: Marks, *, percent: bool) -> Iterator[np.ndarray]:
    """The values that the marks of a group may show: their ends, their lengths, or the values of their colours."""
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
    """Whether each name can have its own group, such that no two of these groups share a mark."""
    choices = [
        [
            set(entry.group.marks.tolist())
            for entry in sorted(seen, key=lambda entry: len(entry.group.marks))
            if name in entry.shows
        ]
        for name in names
    ]
    return any(
        sum(map(len, chosen)) == len(set().union(*chosen)) for chosen in product(*(some[:ALIKE] for some in choices))
    )
