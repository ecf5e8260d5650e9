"""What do the texts of a figure call what it shows?

A text is read for words and for small numbers. One that is not understood says nothing, and so cannot be wrong.
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
# Whole and without a sign: not part of a decimal number, and not an argument in N(0,1).
NUMBER = re.compile(r"(?<![\d.])(?<!\d,)(?<![^a-z]-)(?<!^-)\d+(?![\d.]*\d)(?!,-?\d)")

ANY_NUMBER = re.compile(r"\d+(?:[.,](\d+))?")
ROUNDED = 0.51  # of the last digit that is shown


@dataclass(frozen=True)
class Called:
    """How people call one thing that is drawn.

    `words` is a pattern for the kind of thing, `number` its place among its like, `numbered` a pattern for words that
    stand for that number. Each may be missing: an empty pattern, -1.
    """

    name: str
    words: str = ""
    number: int = -1
    numbered: str = ""


def called(names: Any) -> tuple[Called, ...]:
    """What an expected value says on names: for each thing its two patterns and its number."""
    if not isinstance(names, Mapping):
        return ()
    return tuple(
        Called(name, str(one["words"]), int(one["number"]), str(one["numbered"])) for name, one in names.items()
    )


def named(texts: Sequence[str], things: Sequence[Called]) -> list[frozenset[str]]:
    """For each text the things that it may name; none where it is not understood.

    The texts are read together: numbers count from 0 or from 1, and only if there is a text for each number.
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
    """A text in lower case without the marks of LaTeX, and with ordinary digits for those above and below the line."""
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
    """Whether each text holds each number, (N, T), rounded to the digits that it shows."""
    held = np.zeros((len(numbers), len(texts)), bool)
    for column, text in enumerate(texts):
        for found in ANY_NUMBER.finditer(unicodedata.normalize("NFKC", text)):
            off = np.abs(numbers - float(found[0].replace(",", ".")))
            held[:, column] |= off <= ROUNDED * 10.0 ** -len(found[1] or "")
    return held
