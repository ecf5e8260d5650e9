"""What kept functions, cells and notebooks from being graded, and which students may need help."""

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.grading.results import ExerciseResult, Verdict
from autograder.publish.class_report import words
from autograder.student.selfcheck.outcomes import UNWRITTEN

BELOW = 0.5  # of the points marked so far: a student with less may need help
LEFT = 1 / 3  # of the exercises: a student who left so many unwritten may need help

TROUBLES: dict[str, str] = {
    "cpu": "ran out of time",
    "wall": "ran out of time",
    "memory": "ran out of memory",
    "crashed": "ended its process",
    "protocol": "ended its process",
}

# Why a notebook could not be read, in sentences without file names.
REASONS: dict[str, str] = {
    "absent": "There is no notebook file.",
    "not_opened": "The file could not be opened.",
    "too_large": "The file is too large.",
    "empty": "The file is empty.",
    "another_format": "The file is of another kind: an archive, a PDF, a web page.",
    "archive": "The archive cannot be unpacked.",
    "not_text": "The file is not text.",
    "broken": "The file is broken: it may have been cut off, or edited by hand.",
    "no_cells": "The file is not a notebook.",
    "too_many_cells": "The notebook has too many cells.",
}
ANOTHER_REASON = "Another reason."  # also for verdicts by versions of the kit that stored no reason


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What stopped a function or a cell, and the students whose code it was."""

    what: str
    where: str
    students: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """Why notebooks could not be read, and their students."""

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
    """Tell whether there was no function to try."""
    return bool(exercise.checks) and all(check.kind in UNWRITTEN for check in exercise.checks)


def troubles(readable: Sequence[Verdict]) -> tuple[Trouble, ...]:
    """List what stopped functions and cells, the most frequent first."""
    found: dict[tuple[str, str], list[str]] = {}
    for verdict in readable:
        failed = [(kind, "a cell of the notebook") for kind in verdict.cell_failures]
        failed += [(check.kind, exercise.name) for exercise in verdict.exercises for check in exercise.checks]
        for what, where in dict.fromkeys((TROUBLES[kind], where) for kind, where in failed if kind in TROUBLES):
            found.setdefault((what, where), []).append(verdict.student)
    made = [Trouble(what=what, where=where, students=tuple(students)) for (what, where), students in found.items()]
    return tuple(sorted(made, key=lambda item: (-len(item.students), item.what, item.where)))


def unreadable(verdicts: Sequence[Verdict]) -> tuple[Unreadable, ...]:
    """List why notebooks could not be read, the most frequent reason first."""
    found: dict[str, list[str]] = {}
    for verdict in verdicts:
        if verdict.status == "unreadable":
            found.setdefault(REASONS.get(verdict.unreadable, ANOTHER_REASON), []).append(verdict.student)
    made = [Unreadable(reason=why, students=tuple(students)) for why, students in found.items()]
    return tuple(sorted(made, key=lambda item: (-len(item.students), item.reason)))


def concerns(verdicts: Sequence[Verdict]) -> tuple[Concern, ...]:
    """List the students who may need help, smallest share of points first."""
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
    return tuple(sorted(found, key=lambda item: (item.score / item.reachable if item.reachable else 0, item.student)))
