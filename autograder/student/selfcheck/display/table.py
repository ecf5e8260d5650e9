"""A table of returned and expected values: a few rows of numbers, for a page and for a terminal."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..diagnosis.pairs import Pair, observed

ROWS = 12  # the most rows that are shown
DIGITS = 4, 7


@dataclass(frozen=True)
class Row:
    """One place along the first axis: its position, the returned and the expected numbers, and whether they differ."""

    place: str
    returned: str
    expected: str
    wrong: bool


@dataclass(frozen=True)
class Table:
    """The table of one part.

    Attributes:
        name: the name of the part.
        places: the heading of the column of positions.
        rows: the rows.
        left: the number of wrong rows that are not shown.
    """

    name: str
    places: str
    rows: tuple[Row, ...]
    left: int = 0


def table(pairs: Sequence[Pair]) -> Table | None:
    """The first wrong part as a table; None if its shape is wrong, or if it is a single number."""
    wrong = next((pair for pair in pairs if pair.wrong), None)
    if wrong is None or not wrong.fits or wrong.truth.size < 2 or wrong.truth.ndim > 2:
        return None
    hit = wrong.off.reshape(len(wrong.off), -1).any(axis=1)
    x = observed(wrong)
    rows = [
        Row(
            str(place) if x is None else f"{wrong.given[x][place]:.6g}",
            *_distinguishable(wrong.numbers[place], wrong.truth[place], wrong=bool(hit[place])),
            wrong=bool(hit[place]),
        )
        for place in range(len(hit))
    ]
    if len(rows) > ROWS:
        rows = [row for row in rows if row.wrong]
    return Table(wrong.part.name, x or wrong.along(0), tuple(rows[:ROWS]), max(0, len(rows) - ROWS))


def _distinguishable(returned: np.ndarray, expected: np.ndarray, *, wrong: bool) -> tuple[str, str]:
    """Both numbers with few digits; with more digits if they differ but would look the same."""
    few, many = ((_numbers(returned, digits), _numbers(expected, digits)) for digits in DIGITS)
    return many if wrong and few[0] == few[1] else few


def _numbers(array: np.ndarray, digits: int) -> str:
    shown = [f"{number:.{digits}g}" for number in np.ravel(array)[:ROWS]]
    return "  ".join(shown if array.size <= ROWS else [*shown, "…"])
