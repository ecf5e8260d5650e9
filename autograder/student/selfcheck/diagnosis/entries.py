"""Which numbers of a wrong answer does a known mistake give? Entry by entry, over all cases at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..answers import Answer, apart
from ..rules.arrays import EXACT, Arrays, Named, Part
from ..values import Plain

type Columns = tuple[np.ndarray, ...]


@dataclass(frozen=True, eq=False)
class Entries:
    """The numbers that came back. What is compared as a whole (a figure, a result of another form) is one entry.

    Attributes:
        case: to which case each belongs, counted from 0.
        part: to which array of the result.
        right: whether it is as expected.
        value: the number itself; NaN for a whole.
        exact: whether it is compared without a tolerance, so that a few entries may agree by chance.
    """

    case: np.ndarray
    part: np.ndarray
    right: np.ndarray
    value: np.ndarray
    exact: np.ndarray

    @cached_property
    def right_cases(self) -> np.ndarray:
        """For each entry, whether all of its case are right."""
        return ~np.isin(self.case, self.case[~self.right])

    @cached_property
    def right_parts(self) -> np.ndarray:
        """For each entry, whether all of its array are right, on every case."""
        return ~np.isin(self.part, self.part[~self.right])


@dataclass(frozen=True, eq=False)
class Explained:
    """What a mistake makes of the same entries.

    Attributes:
        same: whether it gives the number that came back.
        right: whether it gives the right one.
        undefined: whether it gives nothing there that one could compare: NaN or infinity, rounding error alone, or
            the mistake fails on the whole case. A guard in a student's code may give anything there.
        failed: on the whole case.
    """

    same: np.ndarray
    right: np.ndarray
    undefined: np.ndarray
    failed: np.ndarray


def entries(answers: Sequence[Answer]) -> Entries:
    """The entries of some answers."""
    columns = [
        (np.full(right.size, number), np.full(right.size, part), right, value, np.full(right.size, exact))
        for number, answer in enumerate(answers)
        for part, (right, value, exact) in enumerate(_entries(answer))
    ]
    return Entries(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def explained(answers: Sequence[Answer], given: Sequence[Plain], *, rounding: bool = False) -> Explained:
    """What a mistake makes of the entries of some answers.

    Args:
        answers: what came back.
        given: what the mistake gives in each case; None where it fails.
        rounding: whether what it gives where it is wrong is rounding error, which differs from one way to write the
            same formula to the next.
    """
    columns = [one for answer, other in zip(answers, given, strict=True) for one in _explained(answer, other, rounding)]
    return Explained(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def _entries(answer: Answer) -> list[tuple[np.ndarray, np.ndarray, bool]]:
    found = []
    for part, value, truth in _parts(answer, answer.expected):
        if isinstance(value, np.ndarray) and value.size:
            fits = value.shape == truth.shape
            right = _close(part, value, truth) if fits else np.zeros(value.size, bool)
            found.append((right, value.astype(float).ravel(), part.tolerance == EXACT))
        else:
            right = isinstance(value, np.ndarray) and value.shape == truth.shape
            found.append((np.array([right]), np.array([np.nan]), part.tolerance == EXACT))
    return found or [(np.array([not answer.wrong]), np.array([np.nan]), False)]


def _explained(answer: Answer, other: Plain, rounding: bool) -> list[Columns]:
    sizes = [right.size for right, _, _ in _entries(answer)]
    if other is None:
        return [_columns(size, undefined=True, failed=True) for size in sizes]
    parts, others = _parts(answer, answer.expected), apart(answer.rule, other)
    if len(others) != len(parts) or not parts:
        same = answer.rule.compare(answer.value, other, equal_nan=True) is None
        return [_columns(size, same=same) for size in sizes]
    return [
        _part(part, value, truth, one, size, rounding)
        for (part, value, truth), one, size in zip(parts, others, sizes, strict=True)
    ]


def _part(part: Part, value: Any, truth: np.ndarray, other: Any, size: int, rounding: bool) -> Columns:
    arrays = isinstance(other, np.ndarray) and isinstance(value, np.ndarray)
    if not arrays or other.shape != value.shape:
        return _columns(size)
    if not value.size:
        return _columns(size, same=True, right=other.shape == truth.shape)
    fits = other.shape == truth.shape
    right = _close(part, other, truth) if fits else np.zeros(size, bool)
    undefined = ~np.isfinite(other.astype(float).ravel()) | (rounding & fits & ~right)
    return _columns(size, same=_close(part, value, other), right=right, undefined=undefined)


def _columns(
    size: int, *, same: Any = False, right: Any = False, undefined: Any = False, failed: Any = False
) -> Columns:
    """What `Explained` holds, for a number of entries."""
    return tuple(np.broadcast_to(column, size) for column in (same, right, undefined, failed))


def _parts(answer: Answer, expected: Any) -> list[tuple[Part, Any, np.ndarray]]:
    """The parts of an answer that is compared part by part; none for others."""
    values, truths = apart(answer.rule, answer.value), apart(answer.rule, expected)
    parts = answer.rule.parts if isinstance(answer.rule, (Arrays, Named)) and values and truths else ()
    return [(part, value, np.asarray(truth)) for part, value, truth in zip(parts, values, truths, strict=False)]


def _close(part: Part, value: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Where two arrays of one shape agree; NaN agrees with NaN, infinity with itself."""
    value, other = value.astype(float).ravel(), other.astype(float).ravel()
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(value - other) <= part.tolerance.absolute + part.tolerance.relative * np.abs(other)
    finite = np.isfinite(value) & np.isfinite(other)
    return (finite & near) | (value == other) | (np.isnan(value) & np.isnan(other))
