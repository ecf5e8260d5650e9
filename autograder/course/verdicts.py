"""Verdicts on disk: the latest one for each student, and the earlier ones, which explain older marks.

A verdict is written before its marks. So after an interrupted run every mark has a verdict that explains it, and no
finished work is done again.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder import fingerprint
from autograder.course import settings
from autograder.course.folder import Course
from autograder.errors import UnreadableNotebook, VerdictError
from autograder.files import write_atomically
from autograder.grading import results
from autograder.grading.results import Verdict
from autograder.submissions import files
from autograder.submissions.locate import Submission
from autograder.submissions.names import normal


@dataclass(frozen=True)
class StoredVerdict:
    """A verdict, when it was given (ISO 8601), and the hashes of the kit and of both kit and notebook."""

    verdict: Verdict
    given: str
    kit: str
    fingerprint: str

    @property
    def marks_key(self) -> str:
        """A key that changes whenever the automatic marks may have changed: with kit, notebook or partial credit."""
        added = {
            exercise.name: exercise.partial_credit for exercise in self.verdict.exercises if exercise.partial_credit
        }
        return f"{self.fingerprint} {added}" if added else self.fingerprint


@dataclass(frozen=True)
class Change:
    """An automatic score that has changed."""

    student: str
    exercise: str
    before: float | None
    after: float | None
    why: str


def latest(course: Course, assignment: str) -> dict[str, StoredVerdict]:
    """The latest verdict of each student who has one."""
    kept = [history(course, assignment, path.stem)[-1] for path in course.verdicts(assignment)]
    return {stored.verdict.student: stored for stored in kept}


def history(course: Course, assignment: str, student: str) -> list[StoredVerdict]:
    """All verdicts on a student's work, the latest last, with today's partial credit; empty if there are none.

    Raises:
        SettingsError: the course's partial credit is not valid.
        VerdictError: another program has changed the file.
    """
    shares = settings.partial_credit(course.root, assignment)
    kept = _read(course, assignment, student)
    return [replace(stored, verdict=stored.verdict.with_partial_credit(shares)) for stored in kept]


def _read(course: Course, assignment: str, student: str) -> list[StoredVerdict]:
    path = course.verdict(assignment, student)
    if not path.exists():
        return []
    try:
        return [
            StoredVerdict(_verdict(stored["verdict"], course), stored["given"], stored["kit"], stored["fingerprint"])
            for stored in json.loads(path.read_text(encoding="utf-8"))
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise VerdictError(f"{path} was not written by this kit: remove it and grade again") from error


def current(course: Course, assignment: str, submission: Submission) -> Verdict | None:
    """The verdict on a submission, if this version of the kit has judged exactly this work; else None."""
    kept = history(course, assignment, submission.student)
    return kept[-1].verdict if kept and kept[-1].fingerprint == fingerprint_of(submission) else None


def keep(course: Course, assignment: str, submission: Submission, verdict: Verdict) -> Verdict:
    """Store a new verdict. Returns it with its partial credit."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    new = StoredVerdict(verdict, now, fingerprint.kit(), fingerprint_of(submission))
    kept = [*_read(course, assignment, submission.student), new]
    text = json.dumps([_to_json(stored, course) for stored in kept])
    write_atomically(course.verdict(assignment, submission.student), text)
    return history(course, assignment, submission.student)[-1].verdict


def changes(before: Mapping[str, StoredVerdict], after: Mapping[str, StoredVerdict]) -> list[Change]:
    """The automatic scores that have changed, and whether the kit or the notebook was changed."""
    found = []
    for student, new in after.items():
        old = before.get(student)
        if old is None or old.fingerprint == new.fingerprint:
            continue
        scores = {exercise.name: exercise.score for exercise in old.verdict.exercises}
        why = "the notebook has changed" if old.kit == new.kit else "the kit has changed"
        found += [
            Change(student, exercise.name, scores.get(exercise.name), exercise.score, why)
            for exercise in new.verdict.exercises
            if exercise.score != scores.get(exercise.name)
        ]
    return found


def recorded(course: Course, assignment: str) -> dict[str, str]:
    """The keys of the marks in the gradebook (`StoredVerdict.marks_key`), by student."""
    path = _recorded(course, assignment)
    if not path.exists():
        return {}
    return {normal(student): marks for student, marks in json.loads(path.read_text(encoding="utf-8")).items()}


def keep_recorded(course: Course, assignment: str, marks: Mapping[str, str]) -> None:
    """Store the keys of the marks in the gradebook now, in addition to the earlier ones."""
    write_atomically(_recorded(course, assignment), json.dumps({**recorded(course, assignment), **marks}))


def _recorded(course: Course, assignment: str) -> Path:
    return course.root / ".kit" / f"{assignment}.recorded.json"


def _verdict(stored: dict[str, Any], course: Course) -> Verdict:
    verdict = results.from_json(stored)
    return replace(verdict, notebook=str(course.root.absolute() / verdict.notebook))


def _to_json(stored: StoredVerdict, course: Course) -> dict[str, Any]:
    """A verdict as JSON. Paths in the course folder are relative to it, because the folder may be moved."""
    notebook, root = Path(stored.verdict.notebook), course.root.absolute()
    place = notebook.relative_to(root) if notebook.is_relative_to(root) else notebook
    return {
        "given": stored.given,
        "kit": stored.kit,
        "fingerprint": stored.fingerprint,
        "verdict": results.to_json(replace(stored.verdict, notebook=str(place))),
    }


def fingerprint_of(submission: Submission) -> str:
    """The hash of everything that grading reads of a submission, and of the kit.

    If a file cannot be read, the reason takes its place.
    """
    digest = hashlib.sha256(fingerprint.kit().encode())
    for path in submission.files:
        try:
            digest.update(files.content(path))
        except UnreadableNotebook as reason:
            digest.update(str(reason).encode())
    return digest.hexdigest()
