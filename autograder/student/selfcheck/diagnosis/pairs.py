"""Pairs of returned and expected values, and the functions from which relations between them are built."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..rules.arrays import Part
from ..values import Plain

CLOSE = 1e-3  # relative tolerance: the precision of float32 after a square, a logarithm or a quotient
CLEAR = 3  # a difference is clear from this many tolerances on


WORDS = {
    "N": "observation",
    "M": "observation",
    "S": "draw",
    "K": "component",
    "3": "component",
    "D": "dimension",
    "H": "row",
    "W": "column",
    "num_iters": "entry",
}


@dataclass(frozen=True)
class Pair:
    """One part of the returned value of a case, and the right one. `given` has the case's arguments by name."""

    part: Part
    value: Plain
    truth: np.ndarray
    given: Mapping[str, Any]
    case: str
    visible: bool

    @cached_property
    def numbers(self) -> np.ndarray:
        """The value in float64, of any shape; empty if it contains no numbers."""
        if isinstance(self.value, np.ndarray) and self.value.dtype.kind in "biuf":
            return self.value.astype(np.float64)
        return np.zeros(0)

    @property
    def fits(self) -> bool:
        return isinstance(self.value, np.ndarray) and self.numbers.shape == self.value.shape == self.truth.shape

    @cached_property
    def off(self) -> np.ndarray:
        """Where the value, of the right shape, is wrong."""
        return ~self.agrees(self.numbers, self.truth)

    @property
    def wrong(self) -> bool:
        return not self.fits or bool(np.any(self.off))

    def agrees(self, value: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """Where two arrays are equal within the tolerance of the check."""
        return np.abs(value - truth) <= self.part.tolerance.allowed(truth)

    def same(self, value: np.ndarray, truth: np.ndarray) -> bool:
        """Whether two arrays have the same shape and are equal everywhere, within the tolerance of the check."""
        return value.shape == truth.shape and bool(np.all(self.agrees(value, truth)))

    def along(self, axis: int) -> str:
        """The word for an entry along an axis, such as "observation"."""
        letters = [letter.strip() for letter in self.part.shape.strip("()").split(",") if letter.strip()]
        return WORDS.get(letters[axis], "entry") if len(letters) == self.truth.ndim else "entry"


type Pairs = Sequence[Pair]


def observed(pair: Pair) -> str | None:
    """The name of the argument with the observations along the first axis; None if there is none."""
    if not pair.truth.ndim or pair.along(0) != "observation":
        return None
    for name, given in pair.given.items():
        if isinstance(given, np.ndarray) and given.shape == pair.truth.shape[:1] and given.dtype.kind == "f":
            return name
    return None


def wrong_ones(pairs: Pairs) -> list[Pair]:
    return [pair for pair in pairs if pair.wrong]


def may_tell(pairs: Pairs) -> bool:
    """Whether a sentence may contain a number: a visible case shows it."""
    return any(pair.visible and pair.wrong for pair in pairs)


def together(pairs: Pairs) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All returned numbers, all expected numbers, and the tolerances of the check, each in one row."""
    values = np.concatenate([pair.numbers.ravel() for pair in pairs])
    truths = np.concatenate([pair.truth.ravel() for pair in pairs])
    return values, truths, pairs[0].part.tolerance.allowed(truths)


def slack(pair: Pair, wanted: np.ndarray) -> np.ndarray:
    return pair.part.tolerance._replace(relative=CLOSE).allowed(wanted)


def alike(pair: Pair, value: Any, wanted: Any) -> bool:
    near = np.shape(value) == np.shape(wanted) and (value == wanted) | (np.abs(value - wanted) <= slack(pair, wanted))
    return bool(np.all(near))


def all_close(pairs: Pairs, wanted: Sequence[np.ndarray]) -> bool:
    return all(alike(pair, pair.numbers, prediction) for pair, prediction in zip(pairs, wanted, strict=True))


def shows(pair: Pair, wanted: np.ndarray) -> np.ndarray:
    """Where the values that a relation predicts clearly differ from the right ones."""
    return ~(np.abs(wanted - pair.truth) <= CLEAR * slack(pair, wanted))


def shown(pairs: Pairs, wanted: Sequence[np.ndarray]) -> int:
    """The number of different numbers that support a relation."""
    truths = [pair.truth[shows(pair, prediction)] for pair, prediction in zip(pairs, wanted, strict=True)]
    return distinct(np.concatenate(truths))


def distinct(numbers: np.ndarray) -> int:
    return len({f"{number:.5g}" for number in numbers})


def rows(array: np.ndarray, axis: int | None) -> np.ndarray:
    """The array with a row for each place along an axis; a single row if the axis is None."""
    if axis is None:
        return array.reshape(1, array.size)
    moved = np.moveaxis(array, axis, 0)
    return moved.reshape(len(moved), int(np.prod(moved.shape[1:])))


def within(pair: Pair, few: np.ndarray, many: np.ndarray) -> bool:
    if few.size >= many.size or few.size * many.size > 10**6:
        return False
    return bool(np.all(np.any(pair.agrees(few[:, None], many), axis=1)))


def plural(word: str) -> str:
    return "entries" if word == "entry" else f"{word}s"
