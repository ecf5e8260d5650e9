"""What is wrong with a value, and the words for what came back."""

from dataclasses import dataclass

import numpy as np

from .. import figures
from ..values import Opaque, Plain


@dataclass(frozen=True)
class Mismatch:
    """What is wrong with a value.

    `summary` holds no number of the case: it may be shown for a hidden case.
    `detail` adds the numbers, for a visible case and for the instructor.
    """

    summary: str
    detail: str


def wrong_kind(wanted: str, value: Plain) -> Mismatch:
    return Mismatch(f"{wanted}; got {kind_of(value)}", f"{wanted}; got {describe(value)}")


def describe(value: Plain) -> str:
    """What came back, in words: kind and shape, never the numbers."""
    match value:
        case Opaque(type_name):
            return f"an object of type {type_name}"
        case tuple() if value:
            return f"{len(value)} values ({', '.join(describe(item) for item in value[:8])})"
        case dict() if figures.parse(value) is None:
            return f"a dict with keys {', '.join(sorted(value))}"
        case np.ndarray() if value.ndim > 0:
            return f"an array of shape {value.shape}"
    return kind_of(value)


def kind_of(value: Plain) -> str:
    """What came back, without a name or a length that the student's code could choose.

    A name or a length could carry the inputs of a hidden case to a feedback page.
    """
    match value:
        case None:
            return "None (is a `return` missing?)"
        case str():
            return "a string"
        case Opaque():
            return "an object that holds no numbers"
        case dict():
            return "a dict" if figures.parse(value) is None else "a matplotlib Figure"
        case tuple():
            return "several values" if value else "an empty list"
        case np.ndarray():
            return "an array" if value.ndim > 0 else "a single number"
