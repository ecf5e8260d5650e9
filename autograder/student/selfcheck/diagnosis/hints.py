"""Which hints help?"""

import re
from collections.abc import Collection, Mapping

UNSEEN = ("; got ", " raised ")  # in the words for what came back in a way that no value of it was compared


def helpful(lost: Mapping[str, Collection[str]]) -> list[str]:
    """The hints of what was lost; the first alone where everything failed in the same words, before any value was seen.

    A word on rounding, say, leads astray where rows and columns are swapped.

    Args:
        lost: for each hint, what was wrong with the cases that it is for, in words that hold no numbers but lengths.
    """
    words = {re.sub(r"\d+", "", says) for each in lost.values() for says in each}
    alike = len(words) == 1 and all(lost.values()) and any(sign in says for says in words for sign in UNSEEN)
    return [*lost][:1] if alike else [*lost]
