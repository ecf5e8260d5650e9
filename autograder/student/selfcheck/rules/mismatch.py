"""What is wrong with a value: its kind, and the words for it."""

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from .. import figures
from ..values import Opaque, Plain

type Kind = Literal[
    "form",  # another kind of value, or another shape: no number of it was compared
    "not_finite",
    "values",  # numbers that are off
    "figure",
    "labels",  # not the whole numbers from 0 to K - 1
    "support",  # numbers outside of what the distribution allows
    "keys",
    "range",  # of a prior
    "movement",  # of a kernel that stays where it is
    "mixing",  # of chains
    "mass",  # draws where the posterior has none
    "distribution",
]


@dataclass(frozen=True)
class Mismatch:
    """What is wrong with a value.

    `kind` is for programs: no decision depends on the words. `about` says what it is wrong with: the name of an
    array, the faults of a figure. `summary` holds no number of the case: it may be shown for a hidden case. `detail`
    adds the numbers, for a visible case and for the instructor.
    """

    kind: Kind
    summary: str
    detail: str
    about: tuple[str, ...] = ()

    @classmethod
    def same(cls, kind: Kind, text: str, *about: str) -> Self:
        """A mismatch whose summary is all that there is to say."""
        return cls(kind, text, text, about)

    @property
    def reason(self) -> tuple[str, ...]:
        """Equal for two values that are wrong for the same reason."""
        return self.kind, *self.about


type Form = Literal["none", "string", "opaque", "dict", "figure", "tuple", "empty", "array", "number"]
# What came back, without a name or a length that the student's code could choose: these could carry the inputs of a
# hidden case to a feedback page.
WORDS: dict[Form, str] = {
    "none": "None (is a `return` missing?)",
    "string": "a string",
    "opaque": "an object that holds no numbers",
    "dict": "a dict",
    "figure": "a matplotlib Figure",
    "tuple": "several values",
    "empty": "an empty list",
    "array": "an array",
    "number": "a single number",
}


def wrong_form(wanted: str, value: Plain, *about: str) -> Mismatch:
    """A value of another kind than is wanted; `about` is what it should have been."""
    form = form_of(value)
    return Mismatch("form", f"{wanted}; got {WORDS[form]}", f"{wanted}; got {describe(value)}", (*about, form))


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
    return WORDS[form_of(value)]


def form_of(value: Plain) -> Form:
    """The kind of value that came back."""
    match value:
        case None:
            return "none"
        case str():
            return "string"
        case dict():
            return "dict" if figures.parse(value) is None else "figure"
        case tuple():
            return "tuple" if value else "empty"
        case np.ndarray():
            return "array" if value.ndim > 0 else "number"
    return "opaque"
