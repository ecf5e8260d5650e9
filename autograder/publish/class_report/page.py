"""The class report on one page.

The statistics cover the notebooks that could be read: a broken file says nothing about what its author knows.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment

from autograder.course import marks, roster
from autograder.course.folder import Course
from autograder.exercises import Assignment
from autograder.files import write_atomically
from autograder.grading.results import Verdict
from autograder.paths import ASSIGNMENTS
from autograder.publish import feedback
from autograder.publish.class_report import charts, mistakes, scores, trouble, words

MOST_LISTED = 8  # shown at first; the rest is folded


@dataclass(frozen=True, kw_only=True)
class ClassReport:
    """Everything that the page says about one assignment."""

    name: str
    title: str
    summary: scores.Summary
    exercises: tuple[scores.Difficulty, ...]
    misunderstandings: tuple[mistakes.Misunderstanding, ...]
    lost: tuple[mistakes.Lost, ...]
    time: scores.Time | None
    troubles: tuple[trouble.Trouble, ...]
    unreadable: tuple[trouble.Unreadable, ...]
    concerns: tuple[trouble.Concern, ...]

    @property
    def hardest(self) -> scores.Difficulty | None:
        """The exercise with the smallest share of its points; None if no points were lost."""
        lost = [exercise for exercise in self.exercises if exercise.mean is not None and exercise.mean < 1]
        return min(lost, key=lambda exercise: exercise.mean or 0.0, default=None)


def write(path: Path, course: Course, assignments: Sequence[Assignment], *, made: date, anonymous: bool) -> None:
    """Write the page for some assignments of a course.

    Raises:
        ExportError: one of them has not been graded.
    """
    names = [assignment.name for assignment in assignments]
    others = [name for name in ASSIGNMENTS if name not in names and course.results(name).exists()]
    classes = {name: marks.of(course, name) for name in (*names, *others)}
    people = roster.read(course.root)
    everybody = {student for verdicts in classes.values() for student in verdicts}
    everybody |= {student for student, person in people.items() if not person.gone}
    shown = pseudonyms(everybody, _key(course)) if anonymous else roster.shown(people, everybody)
    reports = [
        of_class(
            assignment,
            [replace(verdict, student=shown[verdict.student]) for verdict in classes[assignment.name].values()],
            absent=[shown[student] for student in everybody - classes[assignment.name].keys()],
        )
        for assignment in assignments
    ]
    write_atomically(path, render(reports, made=made, anonymous=anonymous).removesuffix("\n"))


def pseudonyms(students: Iterable[str], key: bytes) -> dict[str, str]:
    """A pseudonym for each student. It stays the same as long as the class does; only the key could reveal it."""

    def place(student: str) -> bytes:
        return hmac.digest(key, student.encode("utf-8", "surrogatepass"), hashlib.sha256)

    shuffled = sorted(students, key=place)
    digits = max(2, len(str(len(shuffled))))
    return {student: f"student {number:0{digits}}" for number, student in enumerate(shuffled, start=1)}


def of_class(assignment: Assignment, verdicts: Sequence[Verdict], *, absent: Iterable[str] = ()) -> ClassReport:
    """The report on an assignment. The order of the verdicts does not matter."""
    verdicts = sorted(verdicts, key=lambda verdict: verdict.student)
    readable = [verdict for verdict in verdicts if verdict.status == "graded"]
    return ClassReport(
        name=assignment.name,
        title=assignment.title,
        summary=scores.summary(assignment, verdicts, absent=absent),
        exercises=scores.difficulties(assignment, readable),
        misunderstandings=mistakes.misunderstandings(assignment, readable),
        lost=mistakes.lost(assignment, readable),
        time=scores.time([verdict.seconds for verdict in readable]),
        troubles=trouble.troubles(readable),
        unreadable=trouble.unreadable(verdicts),
        concerns=trouble.concerns(verdicts),
    )


def render(reports: Sequence[ClassReport], *, made: date, anonymous: bool) -> str:
    """The page: self-contained, without JavaScript, in light and dark colours."""
    template = _templates().get_template("report.html")
    return template.render(
        reports=reports,
        made=made,
        anonymous=anonymous,
        charts=charts,
        below=trouble.BELOW,
        unwritten=trouble.LEFT,
        few=scores.FEW,
        most=MOST_LISTED,
    )


def _key(course: Course) -> bytes:
    """The course's own secret for pseudonyms, made at the first use, readable by its owner only."""
    with course.lock("pseudonyms"):
        path = course.root / ".kit" / "pseudonyms.key"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_bytes(secrets.token_bytes(32))
        return path.read_bytes()


@cache
def _templates() -> Environment:
    return feedback.environment(percent=words.percent, signed=words.signed, minutes=words.minutes, code=words.code)
