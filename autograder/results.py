"""What grading says: frozen records, and the JSON that outside tools read."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from autograder.beside.worker.isolation import LEVELS, Level


@dataclass(frozen=True, kw_only=True)
class CheckResult:
    """One case. The message of a hidden case holds none of its numbers."""

    name: str
    passed: bool
    visible: bool
    message: str


@dataclass(frozen=True, kw_only=True)
class ExerciseResult:
    """One exercise. `score` is None while a written answer waits for its mark.

    `hints` are sentences for the student; `misconception` is the name of the one
    known mistake that explains every value that came back, if there is one.
    """

    name: str
    score: float | None
    max_score: float
    kind: Literal["auto", "manual"] = "auto"
    misconception: str | None = None
    checks: tuple[CheckResult, ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        return self.score == self.max_score


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """All that grading says of one submission.

    `notes` are about the notebook as a whole; `isolation` is how its code was kept from the rest.
    """

    student: str
    notebook: str
    status: Literal["graded", "unreadable"]
    seconds: float
    exercises: tuple[ExerciseResult, ...]
    notes: tuple[str, ...] = ()
    isolation: Level = "none"

    @property
    def score(self) -> float:
        """The marks so far: written answers count once they are marked."""
        return sum(exercise.score or 0 for exercise in self.exercises)

    @property
    def max_score(self) -> float:
        return sum(exercise.max_score for exercise in self.exercises)

    @property
    def auto_score(self) -> float:
        return sum(exercise.score or 0 for exercise in self.exercises if exercise.kind == "auto")

    @property
    def auto_max_score(self) -> float:
        return sum(exercise.max_score for exercise in self.exercises if exercise.kind == "auto")

    def with_manual(self, marks: dict[str, float | None]) -> "Verdict":
        """The same verdict with the marks that a person has given to written answers."""
        exercises = tuple(
            replace(exercise, score=marks.get(exercise.name)) if exercise.kind == "manual" else exercise
            for exercise in self.exercises
        )
        return replace(self, exercises=exercises)


def to_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict as the results format has it: its fields, the sums, and `passed` of each exercise."""
    exercises = [asdict(exercise) | {"passed": exercise.passed} for exercise in verdict.exercises]
    return asdict(verdict) | {"score": verdict.score, "max_score": verdict.max_score, "exercises": exercises}


def from_json(data: dict[str, Any]) -> Verdict:
    """The inverse of `to_json`."""
    exercises = tuple(
        ExerciseResult(
            **_without(item, "passed", "checks", "hints"),
            checks=tuple(CheckResult(**check) for check in item["checks"]),
            hints=tuple(item["hints"]),
        )
        for item in data["exercises"]
    )
    rest = _without(data, "score", "max_score", "exercises", "notes")
    return Verdict(**rest, exercises=exercises, notes=tuple(data["notes"]))


def weakest_isolation(verdicts: list[Verdict]) -> Level | None:
    """How the submission that was isolated least was isolated; None if there is no submission."""
    used = {verdict.isolation for verdict in verdicts}
    return next((level for level in reversed(LEVELS) if level in used), None)


def write(path: Path, assignment: str, verdicts: list[Verdict]) -> None:
    """Write the results of a class as one JSON file, all of it or nothing."""
    written = {
        "assignment": assignment,
        "isolation": weakest_isolation(verdicts),
        "submissions": [*map(to_json, verdicts)],
    }
    write_atomically(path, json.dumps(written, indent=1))


def write_atomically(path: Path, text: str) -> None:
    """Replace a file in one step, so that a reader or a power cut never sees half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.part")
    # Half a surrogate pair, in a student's message, must not cost anybody a page.
    half.write_text(text + "\n", encoding="utf-8", errors="replace")
    half.replace(path)


def _without(data: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in names}
