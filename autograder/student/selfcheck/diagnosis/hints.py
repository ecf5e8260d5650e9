"""Choose the hints that help."""

from collections.abc import Sequence

from ..trial import Trial, unwritten

UNSEEN = {"form", "raised", "memory"}  # kinds of faults with which no number of the value was compared


def hints_of(trials: Sequence[Trial]) -> list[str]:
    """The hints of the lost cases. If the function is not written yet, there are none: they would not help."""
    if unwritten(trials):
        return []
    return list(dict.fromkeys(trial.hint for trial in trials if trial.lost))


def helpful(trials: Sequence[Trial]) -> list[str]:
    """The hints of the lost cases; only the first if every case failed for the same reason and no number was compared.

    Hints about values would mislead then: a hint about rounding, for example, if rows and columns are swapped.
    """
    return _first_if_unseen(trials, hints_of(trials))


def closer_hints(trials: Sequence[Trial]) -> list[str]:
    """The closer hints of the lost cases, chosen in the same way: for a student whose check fails again."""
    if unwritten(trials):
        return []
    closer = [trial.closer for trial in trials if trial.lost and trial.closer]
    return _first_if_unseen(trials, list(dict.fromkeys(closer)))


def _first_if_unseen(trials: Sequence[Trial], hints: list[str]) -> list[str]:
    faults = [trial.fault for trial in trials if trial.fault and trial.lost]
    unseen = all(fault.kind in UNSEEN for fault in faults)
    return hints[:1] if unseen and len({fault.reason for fault in faults}) == 1 else hints
