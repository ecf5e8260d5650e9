"""Find out which numbers of a wrong answer a known mistake gives: entry by entry, over all cases at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..rules.arrays import EXACT, Arrays, Named, Part, apart
from ..trial import Trial
from ..values import Plain

type Columns = tuple[np.ndarray, ...]


@dataclass(frozen=True, eq=False)
class Entries:
    """The returned numbers. A value that is compared as a whole (a figure, a result of the wrong form) is one entry.

    Attributes:
        case: the case of each entry, counted from 0.
        part: the array of the result to which it belongs.
        right: whether it is right.
        value: the number; NaN for a value that is compared as a whole.
        exact: whether it is compared without a tolerance, so that a few entries may agree by chance.
    """

    case: np.ndarray
    part: np.ndarray
    right: np.ndarray
    value: np.ndarray
    exact: np.ndarray

    @cached_property
    def right_cases(self) -> np.ndarray:
        """For each entry, whether all entries of its case are right."""
        return ~np.isin(self.case, self.case[~self.right])

    @cached_property
    def right_parts(self) -> np.ndarray:
        """For each entry, whether all entries of its array are right, on every case."""
        return ~np.isin(self.part, self.part[~self.right])


@dataclass(frozen=True, eq=False)
class Explained:
    """The values of a mistake at the same entries.

    Attributes:
        same: whether the mistake gives the returned number.
        right: whether it gives the right number.
        undefined: whether its value cannot be compared: NaN or infinity, only rounding error, or the mistake fails on
            the whole case. If a student's code guards against that, it may return anything there.
        failed: whether the mistake fails on the whole case.
    """

    same: np.ndarray
    right: np.ndarray
    undefined: np.ndarray
    failed: np.ndarray


def entries(trials: Sequence[Trial]) -> Entries:
    """The entries of trials."""
    columns = [
        (np.full(right.size, number), np.full(right.size, part), right, value, np.full(right.size, exact))
        for number, trial in enumerate(trials)
        for part, (right, value, exact) in enumerate(_entries(trial))
    ]
    return Entries(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def explained(trials: Sequence[Trial], given: Sequence[Plain], *, rounding: bool = False) -> Explained:
    """The values of a mistake at the entries of trials.

    Args:
        trials: the trials with the returned values.
        given: the value of the mistake for each trial; None if it fails.
        rounding: whether the mistake's wrong numbers are rounding errors, which differ between ways to write the same
            formula.
    """
    columns = [part for trial, other in zip(trials, given, strict=True) for part in _explained(trial, other, rounding)]
    return Explained(*(np.concatenate(column) for column in zip(*columns, strict=True)))


def _entries(trial: Trial) -> list[tuple[np.ndarray, np.ndarray, bool]]:
    found = []
    for part, value, truth in _parts(trial, trial.expected):
        if isinstance(value, np.ndarray) and value.size:
            fits = value.shape == truth.shape
            right = _close(part, value, truth) if fits else np.zeros(value.size, bool)
            found.append((right, value.astype(float).ravel(), part.tolerance == EXACT))
        else:
            right = isinstance(value, np.ndarray) and value.shape == truth.shape
            found.append((np.array([right]), np.array([np.nan]), part.tolerance == EXACT))
    return found or [(np.array([not trial.wrong]), np.array([np.nan]), False)]


def _explained(trial: Trial, other: Plain, rounding: bool) -> list[Columns]:
    sizes = [right.size for right, _, _ in _entries(trial)]
    if other is None:
        return [_columns(size, undefined=True, failed=True) for size in sizes]
    parts, others = _parts(trial, trial.expected), apart(trial.rule, other)
    if len(others) != len(parts) or not parts:
        same = trial.rule.compare(trial.value, other, equal_nan=True) is None
        return [_columns(size, same=same) for size in sizes]
    return [
        _part(part, value, truth, given, size, rounding)
        for (part, value, truth), given, size in zip(parts, others, sizes, strict=True)
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
    """The columns of `Explained`, for a number of entries."""
    return tuple(np.broadcast_to(column, size) for column in (same, right, undefined, failed))


def _parts(trial: Trial, expected: Any) -> list[tuple[Part, Any, np.ndarray]]:
    """The parts of a value that is compared part by part; empty for other values."""
    values, truths = apart(trial.rule, trial.value), apart(trial.rule, expected)
    parts = trial.rule.parts if isinstance(trial.rule, (Arrays, Named)) and values and truths else ()
    return [(part, value, np.asarray(truth)) for part, value, truth in zip(parts, values, truths, strict=False)]


def _close(part: Part, value: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Where two arrays of the same shape agree. NaN agrees with NaN, infinity with itself."""
    value, other = value.astype(float).ravel(), other.astype(float).ravel()
    with np.errstate(invalid="ignore", over="ignore"):
        near = np.abs(value - other) <= part.tolerance.allowed(other)
    finite = np.isfinite(value) & np.isfinite(other)
    return (finite & near) | (value == other) | (np.isnan(value) & np.isnan(other))
