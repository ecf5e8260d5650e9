"""Relations between arrays of the same shape: each gives a clause, or None if it does not hold on every case."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..rules.arrays import EXACT
from ..words import listed
from .pairs import (
    CLEAR,
    CLOSE,
    Pair,
    Pairs,
    all_close,
    distinct,
    may_tell,
    observed,
    plural,
    rows,
    shown,
    shows,
    together,
    wrong_ones,
)

FEW = 4  # the most positions that a clause lists
ENOUGH_COUNTS = 2  # the least number of counts that must be wrong in the same direction


CONSTANTS = {
    "ln 10": np.log(10),
    "1 / ln 10": 1 / np.log(10),
    "ln 2": np.log(2),
    "1 / ln 2": 1 / np.log(2),
    "π": np.pi,
    "2π": 2 * np.pi,
    "√(2π)": np.sqrt(2 * np.pi),
    "1 / √(2π)": 1 / np.sqrt(2 * np.pi),
    "√2": np.sqrt(2),
    "1 / √2": 1 / np.sqrt(2),
    "ln 2π": np.log(2 * np.pi),
    "½ ln 2π": np.log(2 * np.pi) / 2,
}
TRANSFORMED: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "the square of": np.square,
    "the square root of": np.sqrt,
    "1 divided by": np.reciprocal,
    "1 minus": lambda truth: 1 - truth,
    "the logarithm of": np.log,
    "minus the logarithm of": lambda truth: -np.log(truth),
    "the exponential of": np.exp,
    "the exponential of minus": lambda truth: np.exp(-truth),
    "the nearest whole number to": np.round,
    "the whole number below": np.floor,
}


def not_finite(pairs: Pairs) -> str | None:
    wrong = wrong_ones(pairs)
    if not all(np.array_equal(pair.off, ~np.isfinite(pair.numbers)) for pair in wrong):
        return None
    found = "NaN" if any(np.any(np.isnan(pair.numbers)) for pair in wrong) else "infinite"
    if all(np.all(pair.off) for pair in wrong):
        return f"every value is {found}" if len(wrong) == len(pairs) else None
    return f"the values are right, except that there is {found if found == 'NaN' else 'infinity'}{_where(wrong)}"


def constant(pairs: Pairs) -> str | None:
    values, truths, allowed = together(pairs)
    if not values.size or np.any(values != values[0]) or np.ptp(truths) <= CLEAR * np.max(allowed):
        return None
    number = f"{values[0]:.4g}" if may_tell(pairs) else "the same"
    return f"every value is {number}, whatever the input"


def unchanged(pairs: Pairs) -> str | None:
    """An argument was returned unchanged."""
    for name in pairs[0].given:
        given = [pair.given.get(name) for pair in pairs]
        if not all(isinstance(array, np.ndarray) and array.dtype.kind in "biuf" for array in given):
            continue
        wanted = [np.asarray(array, float) for array in given]
        if all_close(pairs, wanted) and shown(pairs, wanted) > 1:
            return f"the argument {name} came back as it was"
    return None


def times_a_length(pairs: Pairs) -> str | None:
    """The factor is the length of an argument, or an argument: for example, a mean was returned instead of a sum."""
    for name in pairs[0].given:
        sizes = [_size(pair.given.get(name)) for pair in pairs]
        if not all(size > 1 for size in sizes) or (len(set(sizes)) == 1 and sizes[0] < 4):
            continue
        many = np.ndim(pairs[0].given[name]) > 0
        for inverse, does in ((False, "multiplied"), (True, "divided")):
            factors = [1 / size if inverse else size for size in sizes]
            wanted = [pair.truth * factor for pair, factor in zip(pairs, factors, strict=True)]
            if all_close(pairs, wanted) and shown(pairs, wanted) > 1:
                return f"every value is the expected one {does} by {f'the length of {name}' if many else name}"
    return None


def times_a_number(pairs: Pairs) -> str | None:
    values, truths, _ = together(pairs)
    if not truths.size:
        return None
    largest = np.argmax(np.abs(truths))
    factor = float(values[largest] / truths[largest])
    wanted = [factor * pair.truth for pair in pairs]
    if not np.isfinite(factor) or not factor or not all_close(pairs, wanted):
        return None
    if abs(factor + 1) < CLOSE and shown(pairs, wanted) > 1:
        return "every value has the wrong sign"
    if shown(pairs, wanted) < 3:
        return None
    times = f"{_number(factor)} times the expected one" if may_tell(pairs) else "the expected one times a number"
    return f"every value is {times}"


def plus_a_number(pairs: Pairs) -> str | None:
    values, truths, allowed = together(pairs)
    if not truths.size:
        return None
    smallest = np.argmin(np.abs(truths))
    shift = float(values[smallest] - truths[smallest])
    slack = allowed + CLOSE * abs(shift)
    clear = abs(shift) > CLEAR * slack
    if not np.all(np.abs(values - truths - shift) <= slack) or distinct(truths[clear]) < 3:
        return None
    if not may_tell(pairs):
        return "every value is off by the same amount"
    return f"every value is {_number(abs(shift))} too {'large' if shift > 0 else 'small'}"


def reordered(pairs: Pairs) -> str | None:
    """Components, or rows, are in another order."""
    if pairs[0].truth.ndim not in (1, 2):
        return None
    for axis in reversed(range(pairs[0].truth.ndim)):
        word = plural(pairs[0].along(axis))
        if all(pair.same(np.flip(pair.numbers, axis), pair.truth) for pair in wrong_ones(pairs)):
            return f"the numbers are right, but the {word} come in reverse order"
        if all(pair.same(_in_order(pair.numbers, axis), _in_order(pair.truth, axis)) for pair in pairs):
            return f"the numbers are right, but the {word} come in another order"
    if pairs[0].truth.ndim == 2 and all(pair.same(np.sort(pair.numbers), np.sort(pair.truth)) for pair in pairs):
        row, column = pairs[0].along(0), plural(pairs[0].along(1))
        return f"for each {row} the numbers are right, but the {column} come in another order"
    return None


def late_or_early(pairs: Pairs) -> str | None:
    wrong = [pair for pair in wrong_ones(pairs) if pair.truth.ndim == 1 and distinct(pair.truth) > 2]
    if len(wrong) < len(wrong_ones(pairs)):
        return None
    if all(pair.same(pair.numbers[1:], pair.truth[:-1]) for pair in wrong):
        return "the numbers are right, but every one comes one place too late"
    if all(pair.same(pair.numbers[:-1], pair.truth[1:]) for pair in wrong):
        return "the numbers are right, but every one comes one place too early"
    return None


def transformed(pairs: Pairs) -> str | None:
    for words, function in TRANSFORMED.items():
        wanted = [function(pair.truth) for pair in pairs]
        if all_close(pairs, wanted) and shown(pairs, wanted) > 1:
            return f"every value is {words} the expected one"
    return None


def some_wrong(pairs: Pairs) -> str | None:
    """Only some entries are wrong; the clause tells which."""
    wrong = wrong_ones(pairs)
    if all(pair.truth.ndim == 2 and len(set(pair.truth.shape)) == 1 and len(pair.truth) > 2 for pair in wrong):
        if all(np.array_equal(pair.off, np.eye(len(pair.off), dtype=bool)) for pair in wrong):
            return "only the diagonal is wrong"
        if not any(np.any(np.diag(pair.off)) for pair in wrong):
            return "only the diagonal is right"
    if any(np.mean(pair.off) > 0.5 for pair in wrong):
        return None
    for axis in range(wrong[0].truth.ndim):
        for which, place in (("first", 0), ("last", -1)):
            if all(_only_there(rows(pair.off, axis).any(axis=1), place) for pair in wrong):
                return f"only the {which} {wrong[0].along(axis)} is wrong"
    where = _where(wrong)
    return f"the values are right, except{where}" if where else None


def counted_too_far(pairs: Pairs) -> str | None:
    """A count is too large on every case, or too small on every case; on at least two cases."""
    whole = all(not pair.truth.ndim and pair.part.tolerance == EXACT for pair in pairs)
    if not whole or len(pairs) < ENOUGH_COUNTS:
        return None
    signs = {float(np.sign(pair.numbers - pair.truth)) for pair in pairs}
    if len(signs) > 1:
        return None
    return {1.0: "the number is too large", -1.0: "the number is too small"}.get(signs.pop())


def filled_once(pairs: Pairs) -> str | None:
    """Only the first, or only the last, row has values; the others are all 0: a loop stored only one of its laps."""
    wrong = [pair for pair in wrong_ones(pairs) if pair.truth.ndim and len(pair.truth) > 1]
    if len(wrong) < len(wrong_ones(pairs)) or not wrong:
        return None
    for which, place in (("first", 0), ("last", -1)):
        left = [(np.delete(pair.off, place, axis=0), np.delete(pair.numbers, place, axis=0)) for pair in wrong]
        if not any(np.any(pair.off[place]) for pair in wrong) and all(not np.any(rest) for _, rest in left):
            word = wrong[0].along(0)
            return f"only the {which} {word} has values; the values of all other {plural(word)} are 0"
    return None


def off_along_an_axis(pairs: Pairs) -> str | None:
    """The values are right up to a factor, or a shift, for each case, for each column or for each row."""
    if not all(pair.wrong for pair in pairs):
        return None
    for axis in (None, 1, 0) if pairs[0].truth.ndim == 2 else (None,):
        each = "in each case" if axis is None else f"for each {pairs[0].along(axis)}"
        scaled, shifted = zip(*(_fitted(pair, axis) for pair in pairs), strict=True)
        if all_close(pairs, scaled) and _spare(pairs, scaled, axis) > 2:
            sums = [np.allclose(pair.truth.sum(axis=-1), 1, atol=CLOSE) for pair in pairs]
            because = ": they should sum to 1, and do not" if all(sums) and axis != 1 else ""
            return f"{each} the values are right up to a factor{because}"
        if all_close(pairs, shifted) and _spare(pairs, shifted, axis) > 2:
            return f"{each} the values are all off by the same amount"
    return None


def _fitted(pair: Pair, axis: int | None) -> tuple[np.ndarray, np.ndarray]:
    """The truth times the best-fitting factor, and plus the best-fitting shift, for each place along an axis."""
    value, truth = rows(pair.numbers, axis), rows(pair.truth, axis)
    if not truth.size:
        return pair.truth, pair.truth
    places = np.arange(len(truth))[:, None]
    largest = places, np.argmax(np.abs(truth), axis=1, keepdims=True)
    smallest = places, np.argmin(np.abs(truth), axis=1, keepdims=True)
    # A factor of 0 would fit any row of zeros, and say nothing about it.
    factor = np.where((truth[largest] == 0) | (value[largest] == 0), 1, value[largest] / truth[largest])
    fitted = truth * factor, truth + (value - truth)[smallest]
    shape = pair.truth.shape if axis != 1 else pair.truth.shape[::-1]
    scaled, shifted = (array.reshape(shape) for array in fitted)
    return (scaled.T, shifted.T) if axis == 1 else (scaled, shifted)


def _spare(pairs: Pairs, wanted: Sequence[np.ndarray], axis: int | None) -> int:
    """The number of numbers that support a fit, minus those that it needs: one for each place along the axis."""
    clear = [rows(shows(pair, fit), axis) for pair, fit in zip(pairs, wanted, strict=True)]
    return sum(int(np.maximum(0, row.sum(axis=1) - 1).sum()) for row in clear)


def _in_order(array: np.ndarray, axis: int) -> np.ndarray:
    """The array sorted along an axis, in an order that depends only on the numbers."""
    numbers = rows(array, axis)
    return np.take(array, np.argsort(numbers @ np.cos(1.0 + np.arange(numbers.shape[1])), kind="stable"), axis=axis)


def _only_there(hit: np.ndarray, place: int) -> bool:
    return len(hit) > 1 and int(hit.sum()) == 1 and bool(hit[place])


def _where(wrong: Pairs) -> str:
    """The positions of the wrong entries of a visible case, in words; empty if there are none, or too many."""
    for pair in (pair for pair in wrong if pair.visible and pair.truth.ndim):
        hit = rows(pair.off, 0).any(axis=1)
        about = f" (“{pair.case}”)"
        x = observed(pair)
        if x is None:
            places = [str(place) for place in np.flatnonzero(hit)]
            return f" {pair.along(0)} {listed(places)}{about}" if len(places) <= FEW else ""
        found, others = pair.given[x][hit], pair.given[x][~hit]
        if len(found) > 1 and others.size and np.min(found) > np.max(others):
            return f" where {x} is {np.min(found):.6g} or more{about}"
        if len(found) > 1 and others.size and np.max(found) < np.min(others):
            return f" where {x} is {np.max(found):.6g} or less{about}"
        numbers = [f"{number:.6g}" for number in found]
        return f" where {x} is {listed(numbers)}{about}" if len(numbers) <= FEW else ""
    return ""


def _size(given: Any) -> int:
    """The length of an array, or the value of a whole number."""
    if isinstance(given, np.ndarray) and given.ndim:
        return len(given)
    return int(given) if isinstance(given, (int, np.integer)) else 0


def _number(number: float) -> str:
    names = (name for name, known in CONSTANTS.items() if abs(abs(number) - known) <= CLOSE * known)
    name = next(names, "")
    return f"{number:.4g}{f' ({name})' * bool(name)}"
