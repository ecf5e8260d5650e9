"""Numbers and texts as the class report puts them."""

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def number(count: int) -> str:
    """A number at the beginning of a sentence."""
    return NUMBERS[count].capitalize() if count < len(NUMBERS) else str(count)


def listed(names: Sequence[str]) -> str:
    """Names in one phrase: a, b and c."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def signed(value: float) -> str:
    """A correlation as a text."""
    return f"{value:.2f}".replace("-", "−")


def percent(share: float) -> str:
    """A share as a text that no line breaks."""
    return f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def code(text: str) -> Markup:
    """A text for the page, with what stands in backticks as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def minutes(seconds: float) -> str:
    """A time in the unit in which it is read."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
