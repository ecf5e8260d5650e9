"""Verdicts on disk: the latest on each student's work, and those before it, which explain older marks.

A verdict is there before its marks are anywhere else, so whenever a run is cut off, every mark has a verdict that
explains it, and no finished work is done again.
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
class Kept:
    """A verdict, when it was given (ISO 8601), and the hashes of the kit and of both kit and notebook."""

    verdict: Verdict
    given: str
    kit: str
    fingerprint: str

    @property
    def marks(self) -> str:
        """Differs where the automatic marks may: by kit, notebook or partial credit."""
        added = {one.name: one.partial_credit for one in self.verdict.exercises if one.partial_credit}
        return f"{self.fingerprint} {added}" if added else self.fingerprint


@dataclass(frozen=True)
class Change:
    """An automatic score that is not what it was."""

    student: str
    exercise: str
    before: float | None
    after: float | None
    why: str


def latest(course: Course, assignment: str) -> dict[str, Kept]:
    """The verdict that counts, for each student who has one."""
    kept = [history(course, assignment, path.stem)[-1] for path in course.verdicts(assignment)]
    return {one.verdict.student: one for one in kept}


def history(course: Course, assignment: str, student: str) -> list[Kept]:
    """All verdicts on a student's work, the latest last, with today's partial credit; none where there is none.

    Raises:
        SettingsError: what the course says of partial credit makes no sense.
        VerdictError: the file has been changed by something else.
    """
    shares = settings.partial_credit(course.root, assignment)
    kept = _read(course, assignment, student)
    return [replace(one, verdict=one.verdict.with_partial_credit(shares)) for one in kept]


def _read(course: Course, assignment: str, student: str) -> list[Kept]:
    path = course.verdict(assignment, student)
    if not path.exists():
        return []
    try:
        return [
            Kept(_verdict(one["verdict"], course), one["given"], one["kit"], one["fingerprint"])
            for one in json.loads(path.read_text(encoding="utf-8"))
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise VerdictError(f"{path} is not as this kit writes it: remove it and grade again") from error


def current(course: Course, assignment: str, submission: Submission) -> Verdict | None:
    """The verdict on a submission, where this kit has judged it as it is now."""
    kept = history(course, assignment, submission.student)
    return kept[-1].verdict if kept and kept[-1].fingerprint == fingerprint_of(submission) else None


def keep(course: Course, assignment: str, submission: Submission, verdict: Verdict) -> Verdict:
    """Add a verdict to its student's. Returns it with its partial credit."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    new = Kept(verdict, now, fingerprint.kit(), fingerprint_of(submission))
    kept = [*_read(course, assignment, submission.student), new]
    text = json.dumps([_to_json(one, course) for one in kept])
    write_atomically(course.verdict(assignment, submission.student), text)
    return history(course, assignment, submission.student)[-1].verdict


def changes(before: Mapping[str, Kept], after: Mapping[str, Kept]) -> list[Change]:
    """Which automatic scores of the students who had one have changed, and whether the kit or the notebook has."""
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
    """Which marks the gradebook has (see `Kept`), by student."""
    path = _recorded(course, assignment)
    if not path.exists():
        return {}
    return {normal(student): marks for student, marks in json.loads(path.read_text(encoding="utf-8")).items()}


def keep_recorded(course: Course, assignment: str, marks: Mapping[str, str]) -> None:
    """Remember which marks the gradebook has now, beside those that it had before."""
    write_atomically(_recorded(course, assignment), json.dumps({**recorded(course, assignment), **marks}))


def _recorded(course: Course, assignment: str) -> Path:
    return course.root / ".kit" / f"{assignment}.recorded.json"


def _verdict(stored: dict[str, Any], course: Course) -> Verdict:
    verdict = results.from_json(stored)
    return replace(verdict, notebook=str(course.root.absolute() / verdict.notebook))


def _to_json(kept: Kept, course: Course) -> dict[str, Any]:
    """A verdict for the disk. A notebook in the course folder is named from there: the folder may be moved."""
    notebook, root = Path(kept.verdict.notebook), course.root.absolute()
    place = notebook.relative_to(root) if notebook.is_relative_to(root) else notebook
    return {
        "given": kept.given,
        "kit": kept.kit,
        "fingerprint": kept.fingerprint,
        "verdict": results.to_json(replace(kept.verdict, notebook=str(place))),
    }


def fingerprint_of(submission: Submission) -> str:
    """The hash of what grading reads of a submission, or of why it cannot, together with the kit that judges it."""
    digest = hashlib.sha256(fingerprint.kit().encode())
    for path in submission.files:
        try:
            digest.update(files.content(path))
        except UnreadableNotebook as reason:
            digest.update(str(reason).encode())
    return digest.hexdigest()
