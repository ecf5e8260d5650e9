"""What kept work from being judged, and who may need help."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.grading.results import ExerciseResult, Verdict
from autograder.publish.class_report import words

BELOW = 0.5  # of the points marked so far: whoever has less may need help
UNWRITTEN = 1 / 3  # of the exercises: whoever has left so many may need help, too

# What the grader says of a function, or of a cell, that failed to come back; the student's own words come after.
BEFORE = r"(?:{name}|Cell \d+(?: \(\w+\))?) (?:was not tried again after it )?"
TROUBLES = {
    "ran out of time": r"used more than \d+ seconds|did not end within \d+ seconds",
    "ran out of memory": r"raised MemoryError|raised \w+: RESOURCE_EXHAUSTED",
    "ended its process": r"ended the process|broke the connection",
}
NOT_WRITTEN = r"{name} is not (?:written yet|defined)"

# Why a notebook could not be read, by what the grader's sentence holds; in words that hold no name of a file.
REASONS = {
    "was not handed in": "There is no notebook file.",
    "could not be opened": "The file could not be opened.",
    "clear its outputs": "The file is too large.",
    "is empty": "The file is empty.",
    "the file is a ": "The file is of another kind: an archive, a PDF, a web page.",
    "the file is an ": "The file is of another kind: an archive, a PDF, a web page.",
    "is locked with a password": "The archive cannot be unpacked.",
    "is compressed in a way": "The archive cannot be unpacked.",
    " is broken: ": "The archive cannot be unpacked.",
    "not UTF-8": "The file is not text.",
    "not a valid notebook": "The file is broken: it may have been cut off, or edited by hand.",
    "no list of cells": "The file is no notebook.",
    "cells; at most": "The notebook has too many cells.",
}
ANOTHER_REASON = "Another reason."


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
    pattern = NOT_WRITTEN.format(name=re.escape(exercise.name))
    return bool(exercise.checks) and all(re.match(pattern, check.message) for check in exercise.checks)


def troubles(readable: Sequence[Verdict]) -> tuple[Trouble, ...]:
    """What kept functions and cells from coming back, the most frequent first."""
    found: dict[tuple[str, str], list[str]] = {}
    for verdict in readable:
        told = [(note, "a cell of the notebook") for note in verdict.notes]
        told += [(check.message, one.name) for one in verdict.exercises for check in one.checks]
        for what, where in dict.fromkeys((trouble(text, where), where) for text, where in told):
            if what:
                found.setdefault((what, where), []).append(verdict.student)
    made = [Trouble(what=what, where=where, students=tuple(students)) for (what, where), students in found.items()]
    return tuple(sorted(made, key=lambda one: (-len(one.students), one.what, one.where)))


def trouble(text: str, name: str) -> str | None:
    """What kept a function of this name, or a cell, from coming back, by what the grader says; None if it came."""
    before = BEFORE.format(name=re.escape(name))
    return next((what for what, told in TROUBLES.items() if re.match(f"{before}(?:{told})", text)), None)


def unreadable(verdicts: Sequence[Verdict]) -> tuple[Unreadable, ...]:
    """Why notebooks could not be read, the most frequent reason first."""
    found: dict[str, list[str]] = {}
    for verdict in verdicts:
        if verdict.status == "unreadable":
            found.setdefault(reason(" ".join(verdict.notes)), []).append(verdict.student)
    made = [Unreadable(reason=why, students=tuple(students)) for why, students in found.items()]
    return tuple(sorted(made, key=lambda one: (-len(one.students), one.reason)))


def reason(note: str) -> str:
    """Why a notebook could not be read, in words that hold nothing of the student's."""
    return next((told for words, told in REASONS.items() if words in note), ANOTHER_REASON)


def concerns(verdicts: Sequence[Verdict]) -> tuple[Concern, ...]:
    """The students who may need help, those with the smallest share first."""
    found = []
    for verdict in verdicts:
        marked = [one for one in verdict.exercises if one.score is not None]
        reachable = sum(one.max_score for one in marked)
        left = sum(map(unwritten, marked))
        reasons = []
        if verdict.status == "unreadable":
            reasons.append("The notebook could not be read.")
        elif verdict.final_score < BELOW * reachable:
            reasons.append(f"Less than {words.percent(BELOW)} of the points.")
        if left and left >= UNWRITTEN * len(verdict.exercises):
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
