"""Relations between arrays of different shapes: each gives a clause, or None if it does not hold on every case."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .pairs import Pairs, alike, plural, within, wrong_ones

SUMMARIES: dict[str, Callable[..., Any]] = {"sum": np.sum, "mean": np.mean, "largest": np.max}


def swapped(pairs: Pairs) -> str | None:
    if all(pair.truth.ndim == 2 and pair.same(pair.numbers.T, pair.truth) for pair in wrong_ones(pairs)):
        return "the numbers are right, but rows and columns are swapped"
    return None


def reshaped(pairs: Pairs) -> str | None:
    if all(pair.same(pair.numbers.ravel(), pair.truth.ravel()) for pair in wrong_ones(pairs)):
        return f"the numbers are right, but not their shape: it should be {pairs[0].part.shape}"
    return None


def summarised(pairs: Pairs) -> str | None:
    """The value is a summary, such as the sum, of the expected values."""
    wrong = [pair for pair in wrong_ones(pairs) if pair.truth.size > 1]
    if len(wrong) < len(wrong_ones(pairs)):
        return None
    for name, summary in SUMMARIES.items():
        for axis in (None, *range(min(pair.truth.ndim for pair in wrong))):
            if axis is not None and wrong[0].truth.ndim == 1:
                continue  # the same as the summary of the whole array
            if all(alike(pair, np.squeeze(pair.numbers), summary(pair.truth, axis=axis)) for pair in wrong):
                over = "" if axis is None else f" over the {plural(wrong[0].along(axis))}"
                return f"it is the {name} of the expected values{over}"
    return None


def not_summarised(pairs: Pairs) -> str | None:
    """The value would be right after a summary, such as a sum."""
    wrong = wrong_ones(pairs)
    if not all(pair.numbers.size and pair.numbers.ndim > pair.truth.ndim for pair in wrong):
        return None
    for done, summary in (("added up", np.sum), ("averaged", np.mean)):
        for axis, over in ((None, ""), (-1, " over its last axis"), (0, " over its first axis")):
            if all(alike(pair, summary(pair.numbers, axis=axis), pair.truth) for pair in wrong):
                return f"it would be right if it were {done}{over}"
    return None


def one_more_or_less(pairs: Pairs) -> str | None:
    wrong = [pair for pair in wrong_ones(pairs) if pair.truth.ndim == pair.numbers.ndim == 1 and pair.truth.size > 2]
    if len(wrong) < len(wrong_ones(pairs)):
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
    wrong = wrong_ones(pairs)
    if not all(pair.truth.ndim == pair.numbers.ndim == 1 and pair.numbers.size for pair in wrong):
        return None
    if all(within(pair, pair.numbers, pair.truth) for pair in wrong):
        return "what is there is right, but some of it is missing"
    if all(pair.truth.size and within(pair, pair.truth, pair.numbers) for pair in wrong):
        return "all that is expected is there, but there is more"
    return None


def misshapen(pairs: Pairs) -> str | None:
    wrong = wrong_ones(pairs)
    axes = {pair.numbers.ndim for pair in wrong}
    if any(pair.fits for pair in wrong) or len(axes) > 1 or axes == {wrong[0].truth.ndim}:
        return None  # the check's message says that a length is wrong
    [number] = axes
    came = ("a single number", "an array with one axis")[number] if number < 2 else f"an array with {number} axes"
    wanted = "a single number" if not wrong[0].truth.ndim else f"an array of shape {wrong[0].part.shape}"
    return f"{came} came back instead of {wanted}"
