"""Verdicts on disk: the latest on each student's work, and those before it, which explain older marks.

A verdict is there before its marks are anywhere else, so whenever a run is cut off, every mark has a verdict that
explains it, and no finished work is done again.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograder import fingerprint, results
from autograder.course import Course
from autograder.results import Verdict
from autograder.submissions import Submission


@dataclass(frozen=True)
class Kept:
    """A verdict, when it was given (ISO 8601), and the hash of the notebook and the kit that it came from."""

    verdict: Verdict
    given: str
    fingerprint: str


def latest(course: Course, assignment: str) -> dict[str, Kept]:
    """The verdict that counts, for each student who has one."""
    kept = [history(course, assignment, path.stem)[-1] for path in course.verdicts(assignment)]
    return {one.verdict.student: one for one in kept}


def history(course: Course, assignment: str, student: str) -> list[Kept]:
    """All verdicts on a student's work, the latest last; none where there is none."""
    path = course.verdict(assignment, student)
    if not path.exists():
        return []
    return [
        Kept(results.from_json(one["verdict"]), one["given"], one["fingerprint"])
        for one in json.loads(path.read_text(encoding="utf-8"))
    ]


def current(course: Course, assignment: str, submission: Submission) -> Verdict | None:
    """The verdict on a submission, where this kit has judged it as it is now."""
    kept = history(course, assignment, submission.student)
    return kept[-1].verdict if kept and kept[-1].fingerprint == fingerprint.submission(submission.path) else None


def keep(course: Course, assignment: str, submission: Submission, verdict: Verdict) -> None:
    """Add a verdict to its student's."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    new = Kept(verdict, now, fingerprint.submission(submission.path))
    kept = [*history(course, assignment, submission.student), new]
    text = json.dumps([_to_json(one) for one in kept])
    results.write_atomically(course.verdict(assignment, submission.student), text)


def recorded(course: Course, assignment: str) -> dict[str, str]:
    """The fingerprint of the verdict of which the gradebook has the marks, by student."""
    path = _recorded(course, assignment)
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def keep_recorded(course: Course, assignment: str, fingerprints: dict[str, str]) -> None:
    """Remember for which verdicts the gradebook has the marks."""
    results.write_atomically(_recorded(course, assignment), json.dumps(fingerprints))


def _recorded(course: Course, assignment: str) -> Path:
    return course.root / ".kit" / f"{assignment}.recorded.json"


def _to_json(kept: Kept) -> dict[str, Any]:
    return {"given": kept.given, "fingerprint": kept.fingerprint, "verdict": results.to_json(kept.verdict)}
