"""Names of people as systems write them."""

from autograder.course.roster import Person
from autograder.submissions.names import normal


def full_name(text: str) -> Person:
    """Who is called `Ada Lovelace`, or `Lovelace, Ada`; without a comma the last word is taken for the last name."""
    name = " ".join(normal(text).split())
    last, comma, first = name.partition(",")
    if comma:
        return Person(first_name=first.strip(), last_name=last.strip())
    first, _, last = name.rpartition(" ")
    return Person(first_name=first, last_name=last)


def same_name(name: str) -> str:
    """A name in the form in which two are compared: words in any order, without case, commas or hyphens."""
    return " ".join(sorted(normal(name).casefold().replace(",", " ").split()))
