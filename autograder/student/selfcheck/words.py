"""Texts put together: lists in a sentence, and what may be shown of a text that somebody else chose."""

from collections.abc import Sequence


def listed(words: Sequence[str]) -> str:
    """Words with commas, and an "and" before the last; none at all as an empty text."""
    *first, last = words or ("",)
    return f"{', '.join(first)} and {last}" if first else last


def legible(text: str, kept: str = "") -> str:
    """A text with a mark in place of each control character, but for those that are kept."""
    return "".join(letter if letter.isprintable() or letter in kept else "\ufffd" for letter in text)
