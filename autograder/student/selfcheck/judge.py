"""What to tell of the trials of an exercise beside right and wrong. The notebook and the grader ask here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .diagnosis.differences import difference
from .diagnosis.hints import closer_hints, helpful, hints_of
from .diagnosis.naming import Mistake, Naming
from .display.aside import unless_it_fails
from .trial import Trial


@dataclass(frozen=True)
class Diagnosis[M: Mistake]:
    """The known mistake that explains what came back, or what differs; and the sentences that help.

    `closer` are for a student who has read `hints` and fails again.
    """

    mistake: Naming[M] | None
    difference: str | None
    hints: tuple[str, ...]
    closer: tuple[str, ...]


def diagnose[M: Mistake](trials: Sequence[Trial], name: Callable[[Sequence[Trial]], Naming[M] | None]) -> Diagnosis[M]:
    """What to tell of the trials of an exercise. It decides nothing: where a part of it fails, the rest is told.

    Args:
        trials: one for each case.
        name: gives the known mistake that explains all that came back.
    """
    wrong = any(trial.wrong and trial.lost for trial in trials)
    mistake = unless_it_fails(None, name, trials) if wrong else None
    return Diagnosis(
        mistake,
        unless_it_fails(None, difference, trials) if wrong and not mistake else None,
        (mistake.sentence,) if mistake else tuple(unless_it_fails(hints_of(trials), helpful, trials)),
        (mistake.closer if mistake else ()) or tuple(unless_it_fails([], closer_hints, trials)),
    )
