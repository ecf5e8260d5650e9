"""Which hints help?"""

from collections.abc import Sequence

from ..trial import Trial, unwritten

UNSEEN = {"form", "raised", "memory"}  # kinds of what came back in a way that no number of it was compared


def hints_of(trials: Sequence[Trial]) -> list[str]:
    """The hints for what was lost. A hint on the mathematics is no help to a function that nobody has written."""
    if unwritten(trials):
        return []
    return list(dict.fromkeys(trial.hint for trial in trials if trial.lost))


def helpful(trials: Sequence[Trial]) -> list[str]:
    """The same; the first alone where everything failed for one reason, before any number was seen.

    A word on rounding, say, leads astray where rows and columns are swapped.
    """
    return _first_if_unseen(trials, hints_of(trials))


def closer_hints(trials: Sequence[Trial]) -> list[str]:
    """The closer hints for what was lost, kept back in the same way: for a student whose check fails again."""
    if unwritten(trials):
        return []
    closer = [trial.closer for trial in trials if trial.lost and trial.closer]
    return _first_if_unseen(trials, list(dict.fromkeys(closer)))


def _first_if_unseen(trials: Sequence[Trial], hints: list[str]) -> list[str]:
    faults = [trial.fault for trial in trials if trial.fault and trial.lost]
    unseen = all(fault.kind in UNSEEN for fault in faults)
    return hints[:1] if unseen and len({fault.reason for fault in faults}) == 1 else hints
