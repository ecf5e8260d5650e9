"""Simple relations between a returned array and the right one, each described by a clause.

A relation is tried on one part of an answer, on all its cases at once. It gives a clause, or None if it does not hold
on every case. A relation that fits numbers needs more numbers than it fits, so that it does not hold by chance. A
clause contains no positions and no numbers of hidden cases.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from . import shapes, values
from .pairs import Pairs


def relation(pairs: Pairs) -> str | None:
    """The first relation that holds, as a clause; None if none holds, or nothing is wrong."""
    wrong = [pair for pair in pairs if pair.wrong]
    if not wrong or not all(isinstance(pair.value, np.ndarray) for pair in pairs):
        return None
    found = ALIKE if all(pair.fits for pair in pairs) else MISSHAPEN
    return next((says for says in (find(pairs) for find in found) if says), None)


def swapped_and_more(pairs: Pairs) -> str | None:
    """Rows and columns are swapped, and another relation holds after they are swapped back."""
    if not all(pair.truth.ndim == 2 and pair.numbers.T.shape == pair.truth.shape for pair in pairs):
        return None
    says = relation([replace(pair, value=pair.numbers.T) for pair in pairs])
    return f"rows and columns are swapped; once they are turned round, {says}" if says else None


type Relation = Callable[[Pairs], str | None]
MISSHAPEN: tuple[Relation, ...] = (
    shapes.swapped,
    swapped_and_more,
    shapes.reshaped,
    shapes.summarised,
    shapes.not_summarised,
    shapes.one_more_or_less,
    shapes.some_missing,
    shapes.misshapen,
)
ALIKE: tuple[Relation, ...] = (
    values.not_finite,
    values.unchanged,
    values.constant,
    values.filled_once,
    values.times_a_length,
    values.times_a_number,
    values.plus_a_number,
    shapes.swapped,
    values.reordered,
    values.late_or_early,
    values.transformed,
    values.some_wrong,
    values.off_along_an_axis,
    values.counted_too_far,
)
