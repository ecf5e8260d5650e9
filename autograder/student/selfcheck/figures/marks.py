"""The marks of a figure in one table, and the groups of marks that the eye sees as belonging together.

A group has the marks that were drawn by the same call, or that have the same colour, marker or label.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from .. import figures

MANY = 5000  # the most series that are looked at separately
COLOURS = 60  # a series with more colours has shades, not groups


@dataclass(frozen=True, eq=False)
class Group:
    """Marks that the eye sees as belonging together: their indices in the figure's marks, their panels and series."""

    marks: np.ndarray
    panels: frozenset[int]
    series: frozenset[int]
    look: figures.Look
    row: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class Marks:
    """All marks of a figure in one table: their ends, (M, 2), and their series and panels, (M,)."""

    x: np.ndarray
    y: np.ndarray
    value: np.ndarray
    colour: np.ndarray
    series: np.ndarray
    panel: np.ndarray
    all_series: tuple[figures.Series, ...]

    def exchanged(self) -> "Marks":
        return Marks(self.y, self.x, self.value, self.colour, self.series, self.panel, self.all_series)


def marks_of(drawing: figures.Drawing) -> Marks:
    series = drawing.series
    lengths = [len(drawn.x) for drawn in series]
    panels = [number for number, panel in enumerate(drawing.panels) for _ in panel.series]
    empty = np.zeros((0, 2))
    return Marks(
        x=np.concatenate([empty, *(drawn.x for drawn in series)]),
        y=np.concatenate([empty, *(drawn.y for drawn in series)]),
        value=np.concatenate(
            [np.zeros(0), *(drawn.value if len(drawn.value) else np.full(len(drawn.x), np.nan) for drawn in series)]
        ),
        colour=np.concatenate([np.zeros(0, int), *(drawn.colour for drawn in series)]),
        series=np.repeat(np.arange(len(series)), lengths),
        panel=np.repeat(np.array(panels, int), lengths),
        all_series=series,
    )


def groups_of(marks: Marks) -> Iterator[Group]:
    """Every set of marks that the eye may see as a group. Single series come first."""
    starts = np.searchsorted(marks.series, np.arange(len(marks.all_series) + 1))
    for number, series in enumerate(marks.all_series[:MANY]):
        mine = np.arange(starts[number], starts[number + 1])
        if not len(mine):
            continue
        yield _group(marks, mine, series.look)
        colours = np.unique(series.colour)
        if 1 < len(colours) <= COLOURS:
            for colour in colours:
                look = figures.Look(frozenset([int(colour)]), series.look.marker)
                yield _group(marks, mine[series.colour == colour], look)
        if len(series.value):
            for side in (series.x, series.y):
                rows = np.unique(side, axis=0)
                for row in rows if len(rows) <= COLOURS else ():
                    yield _group(marks, mine[np.all(side == row, axis=1)], figures.Look(), (row[0], row[1]))
    looks = [series.look for series in marks.all_series]
    marker, label = (
        {text: i for i, text in enumerate(sorted(set(texts)))}
        for texts in ([look.marker for look in looks], [series.label for series in marks.all_series])
    )
    attributes = (
        marks.colour,
        np.array([marker[look.marker] for look in looks], int)[marks.series],
        np.array([label[series.label] for series in marks.all_series], int)[marks.series],
    )
    for attribute, within in product(attributes, (marks.panel, np.zeros(len(marks.panel), int))):
        yield from _merged(marks, attribute, within)


def _group(marks: Marks, mine: np.ndarray, look: figures.Look, row: tuple[float, float] | None = None) -> Group:
    return Group(
        mine,
        frozenset(np.unique(marks.panel[mine]).tolist()),
        frozenset(np.unique(marks.series[mine]).tolist()),
        look,
        row,
    )


def _merged(marks: Marks, attribute: np.ndarray, within: np.ndarray) -> Iterator[Group]:
    """Groups of marks of several series with the same value of an attribute."""
    keys, inverse = np.unique(np.stack([within, attribute], axis=1), axis=0, return_inverse=True)
    if len(keys) > MANY:
        return
    order = np.argsort(inverse.ravel(), kind="stable")
    for mine in np.split(order, np.cumsum(np.bincount(inverse.ravel(), minlength=len(keys)))[:-1]):
        if len(mine) and marks.series[mine].min() < marks.series[mine].max():
            looks = [marks.all_series[number].look for number in np.unique(marks.series[mine])]
            colours = frozenset(np.unique(marks.colour[mine]).tolist())
            yield _group(
                marks, mine, figures.Look(colours, *(_common(looks, name) for name in ("marker", "dash", "hatch")))
            )


def _common(looks: Sequence[figures.Look], name: str) -> str:
    values = {getattr(look, name) for look in looks}
    return values.pop() if len(values) == 1 else ""
