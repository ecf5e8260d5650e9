"""Choose the hints that help."""

from collections.abc import Sequence

from ..outcomes import Failure
from ..trial import Trial, unwritten

UNSEEN = {"form", "raised", "memory"}  # kinds of faults with which no number of the value was compared
OF_ERRORS = {
    "NameError": "Python does not know this name here. Is it spelled as where it was defined? After a restart of the "
    "kernel, run all cells above this one again, from the top. A library must be imported first: `import numpy as np`.",
    "UnboundLocalError": "The function uses this name before it gives it a value, or the value is given only in a "
    "branch that did not run.",
    "AttributeError": "The object in this line has nothing of this name. `print(type(...))` tells what the object is.",
    "TypeError": "An operation in this line got something that it cannot use. If the message is about shapes, print "
    "`.shape` of each array in the line: from the right, two sizes must be equal, or one of them 1.",
    "ValueError": "If the message is about shapes, print `.shape` of each array in this line: from the right, two "
    "sizes must be equal, or one of them 1.",
    "IndexError": "An index in this line is too large. Print the index and `.shape` of the array.",
    "KeyError": "The dict in this line has no such entry. Print its keys.",
}
"""Hints for an error that is no sign of a wrong idea: what it means, and how to find its cause."""


def hints_of(trials: Sequence[Trial]) -> list[str]:
    """The hints of the lost cases. If the function is not written yet, there are none: they would not help."""
    if unwritten(trials):
        return []
    return list(dict.fromkeys(trial.hint for trial in trials if trial.lost))


def helpful(trials: Sequence[Trial]) -> list[str]:
    """The hints of the lost cases; only the first if every case failed for the same reason and no number was compared.

    Hints about values would mislead then: a hint about rounding, for example, if rows and columns are swapped. If every
    case raised the same kind of error, the hint is about this error.
    """
    if error := _raised(trials):
        return [OF_ERRORS[error]]
    return _first_if_unseen(trials, hints_of(trials))


def closer_hints(trials: Sequence[Trial]) -> list[str]:
    """The closer hints of the lost cases, chosen in the same way: for a student whose check fails again."""
    if unwritten(trials) or _raised(trials):
        return []
    closer = [trial.closer for trial in trials if trial.lost and trial.closer]
    return _first_if_unseen(trials, list(dict.fromkeys(closer)))


def _raised(trials: Sequence[Trial]) -> str | None:
    """The name of the error that every lost case raised, if there is a hint for it."""
    errors = {trial.outcome.error if isinstance(trial.outcome, Failure) else "" for trial in trials if trial.lost}
    error = errors.pop() if len(errors) == 1 else ""
    return error if error in OF_ERRORS else None


def _first_if_unseen(trials: Sequence[Trial], hints: list[str]) -> list[str]:
    faults = [trial.fault for trial in trials if trial.fault and trial.lost]
    unseen = all(fault.kind in UNSEEN for fault in faults)
    return hints[:1] if unseen and len({fault.reason for fault in faults}) == 1 else hints
