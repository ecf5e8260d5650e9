"""A matplotlib figure as data: its drawn series and its labels, never its pixels.

`artists.read` makes the data in the student's process. `parse` checks the data, because that process may send anything.
"""

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Look:
    """The visible properties by which series differ: colours, marker, dashes. An unknown property is empty."""

    colours: frozenset[int] = frozenset()
    marker: str = ""
    dash: str = ""
    hatch: str = ""

    def may_be(self, other: "Look") -> bool:
        """Whether a legend key with this look may stand for a series with the look `other`."""
        pairs = ((self.marker, other.marker), (self.dash, other.dash), (self.hatch, other.hatch))
        return bool(self.colours & other.colours) and all(not (a and b) or a == b for a, b in pairs)


@dataclass(frozen=True)
class Series:
    """Marks that were drawn together. `x` and `y`, (N, 2), are the two ends of each mark.

    The ends are equal for the points of a line or a scatter plot. The ends of a bar differ, and so do the ends of an
    area's slice at an x. `value`, (N,), has the numbers that a colour map shows; it is empty without a colour map.
    """

    kind: str
    label: str
    x: np.ndarray
    y: np.ndarray
    value: np.ndarray
    colour: np.ndarray
    look: Look


@dataclass(frozen=True)
class Ticks:
    """The texts at the ticks of an axis, if they are more than the numbers of that axis."""

    at: np.ndarray
    says: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """A text that explains a look: an entry of a legend, or a coloured text in the figure."""

    says: str
    look: Look


@dataclass(frozen=True)
class Panel:
    """One matplotlib Axes of a figure. An `inset` lies inside another Axes and needs no labels."""

    xlabel: str
    ylabel: str
    title: str
    inset: bool
    xticks: Ticks
    yticks: Ticks
    texts: tuple[Entry, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Drawing:
    """The parts of a figure that are judged."""

    panels: tuple[Panel, ...]
    legend: tuple[Entry, ...]
    title: str

    @property
    def series(self) -> tuple[Series, ...]:
        return tuple(series for panel in self.panels for series in panel.series)

    @property
    def percent(self) -> bool:
        """Whether a text in the figure says that its numbers are percentages."""
        texts = [self.title, *(entry.says for entry in self.legend)]
        for panel in self.panels:
            texts += [panel.title, panel.xlabel, panel.ylabel, *panel.xticks.says, *panel.yticks.says]
        return any("%" in text or "percent" in text.casefold() or "prozent" in text.casefold() for text in texts)


def is_figure(value: Any) -> bool:
    # A figure exists only if matplotlib has been imported. Importing it here would take a second.
    module = sys.modules.get("matplotlib.figure")
    return module is not None and isinstance(value, module.Figure)


def close(value: Any) -> None:
    """Close a figure, so that it is not displayed at the end of the cell. Other values are ignored."""
    if is_figure(value) and "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(value)


def parse(value: Any) -> Drawing | None:
    """Check the data that `artists.read` made, which may come from a process that the student controls.

    Returns:
        The figure, or None if the data are not those of a figure.
    """
    match value:
        case {"figure": tuple() as panels, "legend": tuple() as legend, "title": str() as title}:
            try:
                return Drawing(tuple(map(_panel, panels)), tuple(map(_entry, legend)), title)
            except _Malformed:
                return None
    return None


class _Malformed(Exception):
    """The data are not those of a figure."""


def _panel(value: Any) -> Panel:
    match value:
        case {
            "xlabel": str() as xlabel,
            "ylabel": str() as ylabel,
            "title": str() as title,
            "inset": np.ndarray() as inset,
            "xticks": dict() as xticks,
            "yticks": dict() as yticks,
            "texts": tuple() as texts,
            "series": tuple() as series,
        } if inset.ndim == 0:
            return Panel(
                xlabel,
                ylabel,
                title,
                bool(inset),
                _ticks(xticks),
                _ticks(yticks),
                tuple(map(_entry, texts)),
                tuple(map(_series, series)),
            )
    raise _Malformed


def _series(value: Any) -> Series:
    match value:
        case {
            "kind": str() as kind,
            "label": str() as label,
            "x": np.ndarray() as x,
            "y": np.ndarray() as y,
            "value": np.ndarray() as values,
            "colour": np.ndarray() as colour,
            "look": dict() as look,
        } if (
            x.ndim in (1, 2)
            and x.shape[1:] in ((), (2,))
            and y.shape[1:] in ((), (2,))
            and len(x) == len(y)
            and values.shape in ((0,), (len(x),))
            and colour.shape in ((), (len(x),))
        ):
            with np.errstate(invalid="ignore"):
                codes = np.broadcast_to(colour.astype(np.int64), (len(x),))
            return Series(kind, label, _ends(x), _ends(y), values.astype(float), codes, _look(look))
    raise _Malformed


def _ends(array: np.ndarray) -> np.ndarray:
    array = array.astype(float)
    return np.stack([array, array], axis=1) if array.ndim == 1 else array


def _ticks(value: Any) -> Ticks:
    match value:
        case {"at": np.ndarray() as at, "says": tuple() as says} if at.shape == (len(says),):
            if all(isinstance(text, str) for text in says):
                return Ticks(at.astype(float), tuple(str(text) for text in says))
    raise _Malformed


def _entry(value: Any) -> Entry:
    match value:
        case {"says": str() as says, "look": dict() as look}:
            return Entry(says, _look(look))
    raise _Malformed


def _look(value: Any) -> Look:
    match value:
        case {
            "colours": np.ndarray() as colours,
            "marker": str() as marker,
            "dash": str() as dash,
            "hatch": str() as hatch,
        } if colours.ndim == 1:
            with np.errstate(invalid="ignore"):
                return Look(frozenset(colours.astype(np.int64).tolist()), marker, dash, hatch)
    raise _Malformed
