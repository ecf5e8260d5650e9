"""Explain the wrong trials of an exercise: mistake, difference, hints. The notebook and the grader share this code."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .diagnosis.differences import difference
from .diagnosis.hints import closer_hints, helpful, hints_of
from .diagnosis.naming import Mistake, Naming
from .display.aside import unless_it_fails
from .trial import Trial


@dataclass(frozen=True)
class Diagnosis[M: Mistake]:
    """The explanation of wrong trials.

    Attributes:
        mistake: the known mistake that explains all returned values, or None.
        difference: a sentence on how the values differ from the expected ones, if no mistake explains them.
        hints: the sentences that help.
        closer: the closer hints, for a student who has read `hints` and fails again.
    """

    mistake: Naming[M] | None
    difference: str | None
    hints: tuple[str, ...]
    closer: tuple[str, ...]


def diagnose[M: Mistake](trials: Sequence[Trial], name: Callable[[Sequence[Trial]], Naming[M] | None]) -> Diagnosis[M]:
    """Explain the trials of an exercise. No mark depends on it: if one part raises an error, the others are given.

    Args:
        trials: one trial for each case.
        name: finds the known mistake that explains all returned values.
    """
    wrong = any(trial.wrong and trial.lost for trial in trials)
    mistake = unless_it_fails(None, name, trials) if wrong else None
    return Diagnosis(
        mistake,
        unless_it_fails(None, difference, trials) if wrong and not mistake else None,
        (mistake.sentence,) if mistake else tuple(unless_it_fails(hints_of(trials), helpful, trials)),
        (mistake.closer if mistake else ()) or tuple(unless_it_fails([], closer_hints, trials)),
    )
