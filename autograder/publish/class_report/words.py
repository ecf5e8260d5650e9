"""Numbers and texts in the style of the class report."""

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def number(count: int) -> str:
    """A number for the beginning of a sentence."""
    return NUMBERS[count].capitalize() if count < len(NUMBERS) else str(count)


def listed(names: Sequence[str]) -> str:
    """Names as one phrase: a, b and c."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def signed(value: float) -> str:
    """A correlation as text."""
    return f"{value:.2f}".replace("-", "−")


def percent(share: float) -> str:
    """A share as text without a line break."""
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def code(text: str) -> Markup:
    """A text for the page; the parts in backticks become code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def minutes(seconds: float) -> str:
    """A duration in a fitting unit."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
