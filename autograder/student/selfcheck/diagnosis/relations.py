"""Simple relations between an array that came back and the right one, each with the words for it.

A relation is tried on one part of an answer, on all its cases at once: it gives a clause, or None where it does not
hold on every one. Those that fit a number ask for more numbers than they fit, so that chance explains none of them.
A clause tells neither positions nor numbers of a case that is not visible.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from ..rules.arrays import Part
from ..values import Plain

CLOSE = 1e-3  # relative: what float32 leaves after a square, a logarithm or a quotient
CLEAR = 3  # tolerances: from there on a difference shows
FEW = 4  # positions that are listed one by one
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
SUMMARIES: dict[str, Callable[..., Any]] = {"sum": np.sum, "mean": np.mean, "largest": np.max}


@dataclass(frozen=True)
class Pair:
    """One part of what came back on a case, and the right one; `given` are the case's arguments by name."""

    part: Part
    value: Plain
    truth: np.ndarray
    given: Mapping[str, Any]
    case: str
    visible: bool

    @cached_property
    def numbers(self) -> np.ndarray:
        """The value in float64, of whatever shape; empty where it holds no numbers."""
        return self.value.astype(np.float64) if isinstance(self.value, np.ndarray) else np.zeros(0)

    @property
    def fits(self) -> bool:
        return isinstance(self.value, np.ndarray) and self.value.shape == self.truth.shape

    @cached_property
    def off(self) -> np.ndarray:
        """Where a value of the right shape is wrong."""
        return ~self.agrees(self.numbers, self.truth)

    @property
    def wrong(self) -> bool:
        return not self.fits or bool(np.any(self.off))

    def agrees(self, value: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """Where they are equal within the tolerance of the check."""
        return np.abs(value - truth) <= self.part.tolerance.absolute + self.part.tolerance.relative * np.abs(truth)

    def same(self, value: np.ndarray, truth: np.ndarray) -> bool:
        """Whether they are equal everywhere, in shape too."""
        return value.shape == truth.shape and bool(np.all(self.agrees(value, truth)))

    def along(self, axis: int) -> str:
        """What lies along an axis, in the singular."""
        letters = [letter.strip() for letter in self.part.shape.strip("()").split(",") if letter.strip()]
        return WORDS.get(letters[axis], "entry") if len(letters) == self.truth.ndim else "entry"


type Pairs = Sequence[Pair]


def relation(pairs: Pairs) -> str | None:
    """The first relation that holds, as a clause; None where none does, or nothing is wrong."""
    wrong = [pair for pair in pairs if pair.wrong]
    if not wrong or not all(isinstance(pair.value, np.ndarray) for pair in pairs):
        return None
    found = ALIKE if all(pair.fits for pair in pairs) else MISSHAPEN
    return next((says for says in (find(pairs) for find in found) if says), None)


def listed(words: Sequence[str]) -> str:
    """Words with commas, and an "and" before the last."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def observed(pair: Pair) -> str | None:
    """The name of the argument that holds the observations which the first axis belongs to."""
    if not pair.truth.ndim or pair.along(0) != "observation":
        return None
    for name, given in pair.given.items():
        if isinstance(given, np.ndarray) and given.shape == pair.truth.shape[:1] and given.dtype.kind == "f":
            return name
    return None


# --- another shape ---


def swapped(pairs: Pairs) -> str | None:
    if all(pair.truth.ndim == 2 and pair.same(pair.numbers.T, pair.truth) for pair in _wrong(pairs)):
        return "the numbers are right, but rows and columns are swapped"
    return None


def swapped_and_more(pairs: Pairs) -> str | None:
    """Rows and columns are swapped, and something else is wrong besides."""
    if not all(pair.truth.ndim == 2 and pair.numbers.T.shape == pair.truth.shape for pair in pairs):
        return None
    says = relation([replace(pair, value=pair.numbers.T) for pair in pairs])
    return f"rows and columns are swapped; once they are turned round, {says}" if says else None


def reshaped(pairs: Pairs) -> str | None:
    if all(pair.same(pair.numbers.ravel(), pair.truth.ravel()) for pair in _wrong(pairs)):
        return f"the numbers are right, but not their shape: it should be {pairs[0].part.shape}"
    return None


def summarised(pairs: Pairs) -> str | None:
    """A sum, say, of what should have come back."""
    wrong = [pair for pair in _wrong(pairs) if pair.truth.size > 1]
    if len(wrong) < len(_wrong(pairs)):
        return None
    for name, summary in SUMMARIES.items():
        for axis in (None, *range(min(pair.truth.ndim for pair in wrong))):
            if axis is not None and wrong[0].truth.ndim == 1:
                continue  # the same as all of it
            if all(_alike(pair, np.squeeze(pair.numbers), summary(pair.truth, axis=axis)) for pair in wrong):
                over = "" if axis is None else f" over the {_plural(wrong[0].along(axis))}"
                return f"it is the {name} of the expected values{over}"
    return None


def not_summarised(pairs: Pairs) -> str | None:
    """What has to be added up, say, and then is right."""
    wrong = _wrong(pairs)
    if not all(pair.numbers.size and pair.numbers.ndim > pair.truth.ndim for pair in wrong):
        return None
    for done, summary in (("added up", np.sum), ("averaged", np.mean)):
        for axis, over in ((None, ""), (-1, " over its last axis"), (0, " over its first axis")):
            if all(_alike(pair, summary(pair.numbers, axis=axis), pair.truth) for pair in wrong):
                return f"it would be right if it were {done}{over}"
    return None


def one_more_or_less(pairs: Pairs) -> str | None:
    wrong = [pair for pair in _wrong(pairs) if pair.truth.ndim == pair.numbers.ndim == 1 and pair.truth.size > 2]
    if len(wrong) < len(_wrong(pairs)):
        return None
    for says, kept, truth in (
        ("there is one entry too many, the first", slice(1, None), slice(None)),
        ("there is one entry too many, the last", slice(-1), slice(None)),
        ("the first entry is missing", slice(None), slice(1, None)),
        ("the last entry is missing", slice(None), slice(-1)),
    ):
        if all(pair.same(pair.numbers[kept], pair.truth[truth]) for pair in wrong):
            return f"{says}; the others are right"
    return None


def some_missing(pairs: Pairs) -> str | None:
    wrong = _wrong(pairs)
    if not all(pair.truth.ndim == pair.numbers.ndim == 1 and pair.numbers.size for pair in wrong):
        return None
    if all(_within(pair, pair.numbers, pair.truth) for pair in wrong):
        return "what is there is right, but some of it is missing"
    if all(pair.truth.size and _within(pair, pair.truth, pair.numbers) for pair in wrong):
        return "all that is expected is there, but there is more"
    return None


def misshapen(pairs: Pairs) -> str | None:
    wrong = _wrong(pairs)
    axes = {pair.numbers.ndim for pair in wrong}
    if any(pair.fits for pair in wrong) or len(axes) > 1 or axes == {wrong[0].truth.ndim}:
        return None  # the check itself says that a length is wrong
    [number] = axes
    came = ("a single number", "an array with one axis")[number] if number < 2 else f"an array with {number} axes"
    wanted = "a single number" if not wrong[0].truth.ndim else f"an array of shape {wrong[0].part.shape}"
    return f"{came} came back instead of {wanted}"


# --- the right shape ---


def not_finite(pairs: Pairs) -> str | None:
    wrong = _wrong(pairs)
    if not all(np.array_equal(pair.off, ~np.isfinite(pair.numbers)) for pair in wrong):
        return None
    what = "NaN" if any(np.any(np.isnan(pair.numbers)) for pair in wrong) else "infinite"
    if all(np.all(pair.off) for pair in wrong):
        return f"every value is {what}" if len(wrong) == len(pairs) else None
    return f"the values are right, except that there is {what if what == 'NaN' else 'infinity'}{_where(wrong)}"


def constant(pairs: Pairs) -> str | None:
    values, truths, allowed = _together(pairs)
    if not values.size or np.any(values != values[0]) or np.ptp(truths) <= CLEAR * np.max(allowed):
        return None
    number = f"{values[0]:.4g}" if _told(pairs) else "the same"
    return f"every value is {number}, whatever the input"


def unchanged(pairs: Pairs) -> str | None:
    """An argument came back as it was."""
    for name in pairs[0].given:
        given = [pair.given.get(name) for pair in pairs]
        if not all(isinstance(one, np.ndarray) and one.dtype.kind in "biuf" for one in given):
            continue
        wanted = [np.asarray(one, float) for one in given]
        if _all_close(pairs, wanted) and _shown(pairs, wanted) > 1:
            return f"the argument {name} came back as it was"
    return None


def times_a_length(pairs: Pairs) -> str | None:
    """A factor that is the length of an argument, or an argument: a mean for a sum, and the like."""
    for name in pairs[0].given:
        sizes = [_size(pair.given.get(name)) for pair in pairs]
        if not all(size > 1 for size in sizes) or (len(set(sizes)) == 1 and sizes[0] < 4):
            continue
        many = np.ndim(pairs[0].given[name]) > 0
        for inverse, does in ((False, "multiplied"), (True, "divided")):
            factors = [1 / size if inverse else size for size in sizes]
            wanted = [pair.truth * factor for pair, factor in zip(pairs, factors, strict=True)]
            if _all_close(pairs, wanted) and _shown(pairs, wanted) > 1:
                return f"every value is the expected one {does} by {f'the length of {name}' if many else name}"
    return None


def times_a_number(pairs: Pairs) -> str | None:
    values, truths, _ = _together(pairs)
    if not truths.size:
        return None
    largest = np.argmax(np.abs(truths))
    factor = float(values[largest] / truths[largest])
    wanted = [factor * pair.truth for pair in pairs]
    if not np.isfinite(factor) or not factor or not _all_close(pairs, wanted):
        return None
    if abs(factor + 1) < CLOSE and _shown(pairs, wanted) > 1:
        return "every value has the wrong sign"
    if _shown(pairs, wanted) < 3:
        return None
    times = f"{_number(factor)} times the expected one" if _told(pairs) else "the expected one times a number"
    return f"every value is {times}"


def plus_a_number(pairs: Pairs) -> str | None:
    values, truths, allowed = _together(pairs)
    if not truths.size:
        return None
    smallest = np.argmin(np.abs(truths))
    shift = float(values[smallest] - truths[smallest])
    slack = allowed + CLOSE * abs(shift)
    clear = abs(shift) > CLEAR * slack
    if not np.all(np.abs(values - truths - shift) <= slack) or _distinct(truths[clear]) < 3:
        return None
    if not _told(pairs):
        return "every value is off by the same amount"
    return f"every value is {_number(abs(shift))} too {'large' if shift > 0 else 'small'}"


def reordered(pairs: Pairs) -> str | None:
    """Components, or rows, in another order."""
    if pairs[0].truth.ndim not in (1, 2):
        return None
    for axis in reversed(range(pairs[0].truth.ndim)):
        word = _plural(pairs[0].along(axis))
        if all(pair.same(np.flip(pair.numbers, axis), pair.truth) for pair in _wrong(pairs)):
            return f"the numbers are right, but the {word} come in reverse order"
        if all(pair.same(_in_order(pair.numbers, axis), _in_order(pair.truth, axis)) for pair in pairs):
            return f"the numbers are right, but the {word} come in another order"
    if pairs[0].truth.ndim == 2 and all(pair.same(np.sort(pair.numbers), np.sort(pair.truth)) for pair in pairs):
        row, column = pairs[0].along(0), _plural(pairs[0].along(1))
        return f"for each {row} the numbers are right, but the {column} come in another order"
    return None


def late_or_early(pairs: Pairs) -> str | None:
    wrong = [pair for pair in _wrong(pairs) if pair.truth.ndim == 1 and _distinct(pair.truth) > 2]
    if len(wrong) < len(_wrong(pairs)):
        return None
    if all(pair.same(pair.numbers[1:], pair.truth[:-1]) for pair in wrong):
        return "the numbers are right, but every one comes one place too late"
    if all(pair.same(pair.numbers[:-1], pair.truth[1:]) for pair in wrong):
        return "the numbers are right, but every one comes one place too early"
    return None


def transformed(pairs: Pairs) -> str | None:
    for words, function in TRANSFORMED.items():
        wanted = [function(pair.truth) for pair in pairs]
        if _all_close(pairs, wanted) and _shown(pairs, wanted) > 1:
            return f"every value is {words} the expected one"
    return None


def some_wrong(pairs: Pairs) -> str | None:
    """Only some entries are wrong: which?"""
    wrong = _wrong(pairs)
    if all(pair.truth.ndim == 2 and len(set(pair.truth.shape)) == 1 and len(pair.truth) > 2 for pair in wrong):
        if all(np.array_equal(pair.off, np.eye(len(pair.off), dtype=bool)) for pair in wrong):
            return "only the diagonal is wrong"
        if not any(np.any(np.diag(pair.off)) for pair in wrong):
            return "only the diagonal is right"
    if any(np.mean(pair.off) > 0.5 for pair in wrong):
        return None
    for axis in range(wrong[0].truth.ndim):
        for which, place in (("first", 0), ("last", -1)):
            if all(_only_there(_rows(pair.off, axis).any(axis=1), place) for pair in wrong):
                return f"only the {which} {wrong[0].along(axis)} is wrong"
    where = _where(wrong)
    return f"the values are right, except{where}" if where else None


def off_along_an_axis(pairs: Pairs) -> str | None:
    """Right up to a factor, or a shift, for each case, for each column or for each row."""
    if not all(pair.wrong for pair in pairs):
        return None
    for axis in (None, 1, 0) if pairs[0].truth.ndim == 2 else (None,):
        each = "in each case" if axis is None else f"for each {pairs[0].along(axis)}"
        scaled, shifted = zip(*(_fitted(pair, axis) for pair in pairs), strict=True)
        if _all_close(pairs, scaled) and _spare(pairs, scaled, axis) > 2:
            sums = [np.allclose(pair.truth.sum(axis=-1), 1, atol=CLOSE) for pair in pairs]
            because = ": they should sum to 1, and do not" if all(sums) and axis != 1 else ""
            return f"{each} the values are right up to a factor{because}"
        if _all_close(pairs, shifted) and _spare(pairs, shifted, axis) > 2:
            return f"{each} the values are all off by the same amount"
    return None


type Relation = Callable[[Pairs], str | None]
MISSHAPEN: tuple[Relation, ...] = (
    swapped,
    swapped_and_more,
    reshaped,
    summarised,
    not_summarised,
    one_more_or_less,
    some_missing,
    misshapen,
)
ALIKE: tuple[Relation, ...] = (
    not_finite,
    unchanged,
    constant,
    times_a_length,
    times_a_number,
    plus_a_number,
    swapped,
    reordered,
    late_or_early,
    transformed,
    some_wrong,
    off_along_an_axis,
)


def _wrong(pairs: Pairs) -> list[Pair]:
    return [pair for pair in pairs if pair.wrong]


def _told(pairs: Pairs) -> bool:
    """Whether a number may be told: a visible case shows it."""
    return any(pair.visible and pair.wrong for pair in pairs)


def _together(pairs: Pairs) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """All that came back, all that was expected, and the rounding that the check allows, each in one row."""
    values = np.concatenate([pair.numbers.ravel() for pair in pairs])
    truths = np.concatenate([pair.truth.ravel() for pair in pairs])
    tolerance = pairs[0].part.tolerance
    return values, truths, tolerance.absolute + tolerance.relative * np.abs(truths)


def _slack(pair: Pair, wanted: np.ndarray) -> np.ndarray:
    return pair.part.tolerance.absolute + CLOSE * np.abs(wanted)


def _alike(pair: Pair, value: Any, wanted: Any) -> bool:
    near = np.shape(value) == np.shape(wanted) and (value == wanted) | (np.abs(value - wanted) <= _slack(pair, wanted))
    return bool(np.all(near))


def _all_close(pairs: Pairs, wanted: Sequence[np.ndarray]) -> bool:
    return all(_alike(pair, pair.numbers, one) for pair, one in zip(pairs, wanted, strict=True))


def _shows(pair: Pair, wanted: np.ndarray) -> np.ndarray:
    """Where what a relation wants is clearly not the truth."""
    return ~(np.abs(wanted - pair.truth) <= CLEAR * _slack(pair, wanted))


def _shown(pairs: Pairs, wanted: Sequence[np.ndarray]) -> int:
    """How many different numbers bear a relation out."""
    truths = [pair.truth[_shows(pair, one)] for pair, one in zip(pairs, wanted, strict=True)]
    return _distinct(np.concatenate(truths))


def _distinct(numbers: np.ndarray) -> int:
    return len({f"{number:.5g}" for number in numbers})


def _rows(array: np.ndarray, axis: int | None) -> np.ndarray:
    """A row for each place along an axis; one row with everything where it is None."""
    if axis is None:
        return array.reshape(1, array.size)
    moved = np.moveaxis(array, axis, 0)
    return moved.reshape(len(moved), int(np.prod(moved.shape[1:])))


def _fitted(pair: Pair, axis: int | None) -> tuple[np.ndarray, np.ndarray]:
    """The truth with a factor, and with a shift, for each place along an axis, as fits the value best."""
    value, truth = _rows(pair.numbers, axis), _rows(pair.truth, axis)
    if not truth.size:
        return pair.truth, pair.truth
    places = np.arange(len(truth))[:, None]
    largest = places, np.argmax(np.abs(truth), axis=1, keepdims=True)
    smallest = places, np.argmin(np.abs(truth), axis=1, keepdims=True)
    factor = np.where(truth[largest] == 0, 1, value[largest] / truth[largest])
    fitted = truth * factor, truth + (value - truth)[smallest]
    shape = pair.truth.shape if axis != 1 else pair.truth.shape[::-1]
    scaled, shifted = (one.reshape(shape) for one in fitted)
    return (scaled.T, shifted.T) if axis == 1 else (scaled, shifted)


def _spare(pairs: Pairs, wanted: Sequence[np.ndarray], axis: int | None) -> int:
    """How many numbers bear a fit out beyond those that it needs, one for each place along the axis."""
    shows = [_rows(_shows(pair, one), axis) for pair, one in zip(pairs, wanted, strict=True)]
    return sum(int(np.maximum(0, one.sum(axis=1) - 1).sum()) for one in shows)


def _in_order(array: np.ndarray, axis: int) -> np.ndarray:
    """The same with what lies along an axis in an order that depends on the numbers alone."""
    rows = _rows(array, axis)
    return np.take(array, np.argsort(rows @ np.cos(1.0 + np.arange(rows.shape[1])), kind="stable"), axis=axis)


def _within(pair: Pair, few: np.ndarray, many: np.ndarray) -> bool:
    if few.size >= many.size or few.size * many.size > 10**6:
        return False
    return bool(np.all(np.any(pair.agrees(few[:, None], many), axis=1)))


def _only_there(hit: np.ndarray, place: int) -> bool:
    return len(hit) > 1 and int(hit.sum()) == 1 and bool(hit[place])


def _where(wrong: Pairs) -> str:
    """Where the entries are that are wrong in a visible case; empty if there is none, or nothing short to say."""
    for pair in (one for one in wrong if one.visible and one.truth.ndim):
        hit = _rows(pair.off, 0).any(axis=1)
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
    """The length of an array, or a whole number."""
    if isinstance(given, np.ndarray) and given.ndim:
        return len(given)
    return int(given) if isinstance(given, (int, np.integer)) else 0


def _number(number: float) -> str:
    names = (name for name, known in CONSTANTS.items() if abs(abs(number) - known) <= CLOSE * known)
    name = next(names, "")
    return f"{number:.4g}{f' ({name})' * bool(name)}"


def _plural(word: str) -> str:
    return "entries" if word == "entry" else f"{word}s"
