"""A mismatch: how a value differs from the expected one. It has a kind, and texts for people."""

from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from .. import figures
from ..values import Opaque, Plain

type Kind = Literal[
    "form",  # the wrong kind of value, or the wrong shape: no number was compared
    "not_finite",
    "values",  # wrong numbers
    "figure",
    "labels",  # not the whole numbers from 0 to K - 1
    "support",  # numbers that the distribution does not allow
    "keys",
    "range",  # a prior is too wide or too narrow
    "movement",  # a kernel hardly moves
    "mixing",  # chains mix too slowly, or disagree
    "mass",  # draws where the posterior has practically no mass
    "distribution",
]


@dataclass(frozen=True)
class Mismatch:
    """How a value differs from the expected one.

    Attributes:
        kind: the kind of difference, for programs: no decision depends on the texts.
        summary: contains no number of the case, so it may be shown for a hidden case.
        detail: adds the numbers, for visible cases and for the instructor.
        about: the part that is wrong: the name of an array, or the faults of a figure.
    """

    kind: Kind
    summary: str
    detail: str
    about: tuple[str, ...] = ()

    @classmethod
    def same(cls, kind: Kind, text: str, *about: str) -> Self:
        """A mismatch whose message is safe to show for hidden cases too."""
        return cls(kind, text, text, about)

    @property
    def reason(self) -> tuple[str, ...]:
        """Two values that are wrong in the same way have the same reason."""
        return self.kind, *self.about


type Form = Literal["none", "string", "opaque", "dict", "figure", "tuple", "empty", "array", "number"]
# The returned value in words, without a name or a length that the student's code could choose: with these, it could
# carry the inputs of a hidden case to a feedback page.
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
    """The mismatch of a value of the wrong kind.

    Args:
        wanted: what was expected, in words.
        about: the name of the part.
    """
    form = form_of(value)
    return Mismatch("form", f"{wanted}; got {WORDS[form]}", f"{wanted}; got {describe(value)}", (*about, form))


def describe(value: Plain) -> str:
    """The returned value in words: its kind and shape, never its numbers."""
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
    """The kind of the returned value."""
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
