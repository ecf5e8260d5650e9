"""Names of people in the systems' files."""

from autograder.course.roster import Person
from autograder.submissions.names import normal


def full_name(text: str) -> Person:
    """Split `Ada Lovelace` or `Lovelace, Ada`; without a comma, the last word is the last name."""
    name = " ".join(normal(text).split())
    last, comma, first = name.partition(",")
    if comma:
        return Person(first_name=first.strip(), last_name=last.strip())
    first, _, last = name.rpartition(" ")
    return Person(first_name=first, last_name=last)


def same_name(name: str) -> str:
    """Normalise a name for comparison: words in any order, without case and commas."""
    return " ".join(sorted(normal(name).casefold().replace(",", " ").split()))
