"""What kept work from being judged, and who may need help."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.grading.results import ExerciseResult, Verdict
from autograder.publish.class_report import words
from autograder.student.selfcheck.outcomes import UNWRITTEN

BELOW = 0.5  # of the points marked so far: whoever has less may need help
LEFT = 1 / 3  # of the exercises: whoever has left so many may need help, too

TROUBLES: dict[str, str] = {
    "cpu": "ran out of time",
    "wall": "ran out of time",
    "memory": "ran out of memory",
    "crashed": "ended its process",
    "protocol": "ended its process",
}

# Why a notebook could not be read, in words that hold no name of a file.
REASONS: dict[str, str] = {
    "absent": "There is no notebook file.",
    "not_opened": "The file could not be opened.",
    "too_large": "The file is too large.",
    "empty": "The file is empty.",
    "another_format": "The file is of another kind: an archive, a PDF, a web page.",
    "archive": "The archive cannot be unpacked.",
    "not_text": "The file is not text.",
    "broken": "The file is broken: it may have been cut off, or edited by hand.",
    "no_cells": "The file is no notebook.",
    "too_many_cells": "The notebook has too many cells.",
}
ANOTHER_REASON = "Another reason."  # also in verdicts by a kit that did not note it


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What kept a function, or a cell, from coming back, and whose."""

    what: str
    where: str
    students: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """Why notebooks could not be read, and whose."""

    reason: str
    students: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Concern:
    """A student who may need help, and why."""

    student: str
    score: float
    reachable: float
    reasons: tuple[str, ...]


def unwritten(exercise: ExerciseResult) -> bool:
    """Whether there was no function to try."""
    return bool(exercise.checks) and all(check.kind in UNWRITTEN for check in exercise.checks)


def troubles(readable: Sequence[Verdict]) -> tuple[Trouble, ...]:
    """What kept functions and cells from coming back, the most frequent first."""
    found: dict[tuple[str, str], list[str]] = {}
    for verdict in readable:
        failed = [(kind, "a cell of the notebook") for kind in verdict.cell_failures]
        failed += [(check.kind, exercise.name) for exercise in verdict.exercises for check in exercise.checks]
        for what, where in dict.fromkeys((TROUBLES[kind], where) for kind, where in failed if kind in TROUBLES):
            found.setdefault((what, where), []).append(verdict.student)
    made = [Trouble(what=what, where=where, students=tuple(students)) for (what, where), students in found.items()]
    return tuple(sorted(made, key=lambda one: (-len(one.students), one.what, one.where)))


def unreadable(verdicts: Sequence[Verdict]) -> tuple[Unreadable, ...]:
    """Why notebooks could not be read, the most frequent reason first."""
    found: dict[str, list[str]] = {}
    for verdict in verdicts:
        if verdict.status == "unreadable":
            found.setdefault(REASONS.get(verdict.unreadable, ANOTHER_REASON), []).append(verdict.student)
    made = [Unreadable(reason=why, students=tuple(students)) for why, students in found.items()]
    return tuple(sorted(made, key=lambda one: (-len(one.students), one.reason)))


def concerns(verdicts: Sequence[Verdict]) -> tuple[Concern, ...]:
    """The students who may need help, smallest share of points first."""
    found = []
    for verdict in verdicts:
        marked = [exercise for exercise in verdict.exercises if exercise.score is not None]
        reachable = sum(exercise.max_score for exercise in marked)
        left = sum(map(unwritten, marked))
        reasons = []
        if verdict.status == "unreadable":
            reasons.append("The notebook could not be read.")
        elif verdict.final_score < BELOW * reachable:
            reasons.append(f"Less than {words.percent(BELOW)} of the points.")
        if left and left >= LEFT * len(verdict.exercises):
            exercises = "exercise is" if left == 1 else "exercises are"
            reasons.append(f"{words.number(left)} {exercises} not written.")
        if reasons:
            found.append(
                Concern(
                    student=verdict.student,
                    score=verdict.final_score,
                    reachable=reachable,
                    reasons=tuple(reasons),
                )
            )
    return tuple(sorted(found, key=lambda one: (one.score / one.reachable if one.reachable else 0, one.student)))
