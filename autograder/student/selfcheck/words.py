"""Format texts: lists in a sentence, and texts that student code chose."""

from collections.abc import Sequence


def listed(words: Sequence[str]) -> str:
    """Join words with commas, and with "and" before the last. No words give an empty text."""
    *first, last = words or ("",)
    return f"{', '.join(first)} and {last}" if first else last


def legible(text: str, kept: str = "") -> str:
    """Replace each control character of a text by U+FFFD, except the characters in `kept`."""
    return "".join(letter if letter.isprintable() or letter in kept else "\ufffd" for letter in text)
