"""The marks of a figure in one table, and the groups in which the eye takes them together.

A group is what was drawn by one call, or what has one colour, one marker or one label.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from .. import figures

MANY = 5000  # series that are looked at one by one
COLOURS = 60  # of one series: with more, they are shades


@dataclass(frozen=True, eq=False)
class Group:
    """Marks that belong together for the eye: which of the figure's marks, and in which of its panels and series."""

    marks: np.ndarray
    panels: frozenset[int]
    series: frozenset[int]
    look: figures.Look
    row: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class Marks:
    """All marks of a figure in one table: where each begins and ends, (M, 2), and whose it is, (M,)."""

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
    lengths = [len(one.x) for one in series]
    panels = [number for number, panel in enumerate(drawing.panels) for _ in panel.series]
    empty = np.zeros((0, 2))
    return Marks(
        x=np.concatenate([empty, *(one.x for one in series)]),
        y=np.concatenate([empty, *(one.y for one in series)]),
        value=np.concatenate(
            [np.zeros(0), *(one.value if len(one.value) else np.full(len(one.x), np.nan) for one in series)]
        ),
        colour=np.concatenate([np.zeros(0, int), *(one.colour for one in series)]),
        series=np.repeat(np.arange(len(series)), lengths),
        panel=np.repeat(np.array(panels, int), lengths),
        all_series=series,
    )


def groups_of(marks: Marks) -> Iterator[Group]:
    """Every set of marks that the eye may take together; each series by itself comes first."""
    starts = np.searchsorted(marks.series, np.arange(len(marks.all_series) + 1))
    for number, one in enumerate(marks.all_series[:MANY]):
        mine = np.arange(starts[number], starts[number + 1])
        if not len(mine):
            continue
        yield _group(marks, mine, one.look)
        colours = np.unique(one.colour)
        if 1 < len(colours) <= COLOURS:
            for colour in colours:
                look = figures.Look(frozenset([int(colour)]), one.look.marker)
                yield _group(marks, mine[one.colour == colour], look)
        if len(one.value):
            for side in (one.x, one.y):
                rows = np.unique(side, axis=0)
                for row in rows if len(rows) <= COLOURS else ():
                    yield _group(marks, mine[np.all(side == row, axis=1)], figures.Look(), (row[0], row[1]))
    looks = [one.look for one in marks.all_series]
    marker, label = (
        {text: i for i, text in enumerate(sorted(set(texts)))}
        for texts in ([look.marker for look in looks], [one.label for one in marks.all_series])
    )
    attributes = (
        marks.colour,
        np.array([marker[look.marker] for look in looks], int)[marks.series],
        np.array([label[one.label] for one in marks.all_series], int)[marks.series],
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
    """Marks of several series that have something in common."""
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
