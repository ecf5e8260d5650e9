"""Understand the texts of a figure: which of the drawn curves a text names.

Words and small numbers in a text are read. A text that is not understood names nothing, and so cannot be wrong.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

BETWEEN = re.compile(r"\\(?:mid|vert|lvert|rvert|given)\b")
FONT = re.compile(r"\\(?:math[a-z]+|text[a-z]*|operatorname|left|right|displaystyle)\b")
COMMAND = re.compile(r"\\([A-Za-z]+)")
# A whole number without a sign that is not part of a decimal number, and not an argument as in N(0,1).
NUMBER = re.compile(r"(?<![\d.])(?<!\d,)(?<![^a-z]-)(?<!^-)\d+(?![\d.]*\d)(?!,-?\d)")

ANY_NUMBER = re.compile(r"\d+(?:[.,](\d+))?")
ROUNDED = 0.51  # allowed difference, in units of the last digit that is shown


@dataclass(frozen=True)
class Called:
    """The words that people use for one curve.

    Attributes:
        name: its name in the expected value.
        words: a pattern for the kind of curve; empty if there is none.
        number: its number among curves of the same kind; -1 if it has none.
        numbered: a pattern for words that stand for this number; empty if there is none.
    """

    name: str
    words: str = ""
    number: int = -1
    numbered: str = ""


def called(names: Any) -> tuple[Called, ...]:
    """The entry `names` of an expected value: for each curve its two patterns and its number."""
    if not isinstance(names, Mapping):
        return ()
    return tuple(
        Called(name, str(entry["words"]), int(entry["number"]), str(entry["numbered"])) for name, entry in names.items()
    )


def named(texts: Sequence[str], things: Sequence[Called]) -> list[frozenset[str]]:
    """For each text, the names of the curves that it may name; empty if the text is not understood.

    The texts are read together: numbers count from 0 or from 1, and are used only if there is a text for each number.
    """
    plain = [normal(text) for text in texts]
    places = {thing.number for thing in things} - {-1}
    numbers = [{int(found) for found in NUMBER.findall(text) if len(found) < 3} for text in plain]
    counted = {next(iter(found)) for found in numbers if len(found) == 1}
    first = next((start for start in (0, 1) if counted == {place + start for place in places}), None)
    return [
        _named(text, {min(found) - first} if first is not None and len(found) == 1 else set(), things)
        for text, found in zip(plain, numbers, strict=True)
    ]


def normal(text: str) -> str:
    """The text in lower case, without LaTeX commands, and with superscript and subscript digits as plain digits."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = COMMAND.sub(r" \1 ", FONT.sub(" ", BETWEEN.sub("|", text)))
    text = re.sub(r"_+", " ", re.sub(r"[${}\\]", "", text))
    return re.sub(r"\s+", " ", re.sub(r"\s*([|(),=])\s*", r"\1", text)).strip()


def _named(text: str, numbers: set[int], things: Sequence[Called]) -> frozenset[str]:
    kinds = {thing.words for thing in things if thing.words and re.search(thing.words, text)}
    by_word = {thing.number for thing in things if thing.numbered and re.search(thing.numbered, text)}
    numbers = by_word or numbers
    narrow = any(thing.number >= 0 for thing in things if thing.words in kinds)
    return frozenset(
        thing.name
        for thing in things
        if (thing.words in kinds and (thing.number < 0 or not numbers or thing.number in numbers))
        or (thing.number in numbers and not narrow)
    )


def holds(numbers: np.ndarray, texts: Sequence[str]) -> np.ndarray:
    """Whether each text contains each number, (N, T), rounded to the digits that the text shows."""
    held = np.zeros((len(numbers), len(texts)), bool)
    for column, text in enumerate(texts):
        for found in ANY_NUMBER.finditer(unicodedata.normalize("NFKC", text)):
            off = np.abs(numbers - float(found[0].replace(",", ".")))
            held[:, column] |= off <= ROUNDED * 10.0 ** -len(found[1] or "")
    return held
