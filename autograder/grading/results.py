"""The records of grading, frozen, and the JSON that outside tools read."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from autograder.files import write_atomically
from autograder.student.worker.isolation import LEVELS, Level
from autograder.submissions.names import normal

SUMS = ("score", "final_score", "max_score")


@dataclass(frozen=True, kw_only=True)
class CaseResult:
    """The result of one case. The message of a hidden case contains none of its numbers.

    `kind` is for programs: the kind of the mismatch or of the failure, or "unreadable". It is empty if the case passed,
    and in verdicts by versions of the kit that had no kinds.
    """

    name: str
    passed: bool
    visible: bool
    message: str
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a person entered in the gradebook for an exercise; all fields are empty if nobody did.

    `score` replaces the automatic score; `extra` is added to whichever score counts.
    """

    score: float | None = None
    extra: float = 0.0
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class ExerciseResult:
    """The result of one exercise. `score` is None while a written answer waits for its mark.

    - `hints`, `closer_hints`: sentences for the student.
    - `misconception`: the name of the known mistake that explains the outcomes, or "first + second" for two mistakes.
    - `difference`: if no mistake was named, how the returned values differ from the expected ones, where that is
      simple.
    - `follows`: the earlier exercises whose mistakes explain the wrong values, so that they cost nothing here.
    - `partial_credit`: the points that the course's settings add for the known mistake.
    - `comparison`: numbers of a public case and a picture, as HTML.
    - `by_hand`: whether a person set the score; `comment` is what that person wrote.
    """

    name: str
    score: float | None
    max_score: float
    kind: Literal["auto", "manual"] = "auto"
    misconception: str | None = None
    difference: str | None = None
    follows: tuple[str, ...] = ()
    partial_credit: float = 0.0
    checks: tuple[CaseResult, ...] = ()
    hints: tuple[str, ...] = ()
    closer_hints: tuple[str, ...] = ()
    comparison: str = ""
    by_hand: bool = False
    comment: str = ""

    @property
    def passed(self) -> bool:
        return self.score is not None and self.score >= self.max_score

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The names of the known mistakes that explain the outcomes: none, one or two."""
        return tuple(self.misconception.split(" + ")) if self.misconception else ()

    @property
    def remarks(self) -> tuple[tuple[str, str], ...]:
        """What the student reads beside the checks: pairs of a heading and a sentence."""
        return tuple(self._remarks())

    def _remarks(self) -> Iterator[tuple[str, str]]:
        if self.follows:
            own = " and ".join(self.follows)
            yield (
                "Follow-through",
                f"Some values are wrong only because of the mistake in your own {own}. It costs no points here.",
            )
        if self.difference:
            yield "What differs", self.difference
        for hint in self.hints:
            yield "Hint", hint
        for hint in self.closer_hints:
            yield "Closer hint", hint
        if self.partial_credit and not self.by_hand:
            yield "Partial credit", f"Points added for a mistake of this kind: {self.partial_credit:g}."

    def with_partial_credit(self, shares: Mapping[str, float]) -> "ExerciseResult":
        """Raise the score to the share of the points that the known mistake is worth; of two, the lesser."""
        least = min((shares.get(name, 0.0) for name in self.mistakes), default=0.0) * self.max_score
        if self.score is None or self.score >= least:
            return self
        return replace(self, score=least, partial_credit=least - self.score)

    def with_mark(self, mark: Mark) -> "ExerciseResult":
        """Apply what a person entered in the gradebook."""
        score = self.score if mark.score is None else mark.score
        if score is not None:
            score += mark.extra
        by_hand = mark.score is not None or mark.extra != 0
        return replace(self, score=score, by_hand=by_hand, comment=mark.comment)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The result of one submission.

    - `notes`: sentences about the notebook as a whole.
    - `isolation`: the isolation level under which its code ran.
    - `late_penalty`: the points that nbgrader's settings deduct for lateness.
    - `folder`: the folder of the submission, if that is not the notebook's own folder.
    - `warnings`: sentences for the instructor.
    - `unreadable`: the kind of error that kept the notebook from being read.
    - `cell_failures`: the kinds of failure of its cells, each once.
    """

    student: str
    notebook: str
    status: Literal["graded", "unreadable"]
    seconds: float
    exercises: tuple[ExerciseResult, ...]
    notes: tuple[str, ...] = ()
    isolation: Level = "none"
    late_penalty: float = 0.0
    folder: str = ""
    warnings: tuple[str, ...] = ()
    unreadable: str = ""
    cell_failures: tuple[str, ...] = ()

    @property
    def place(self) -> Path:
        """The folder in which nbgrader stores the time of submission."""
        return Path(self.folder) if self.folder else Path(self.notebook).parent

    @property
    def score(self) -> float:
        """The points so far: a written answer counts once it is marked."""
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

    @property
    def final_score(self) -> float:
        """The points that count: the score less the late penalty."""
        return max(0.0, self.score - self.late_penalty)

    def with_partial_credit(self, shares: Mapping[str, Mapping[str, float]]) -> "Verdict":
        """Apply partial credit: `shares` of the points, by exercise and by mistake."""
        exercises = tuple(exercise.with_partial_credit(shares.get(exercise.name, {})) for exercise in self.exercises)
        return replace(self, exercises=exercises)

    def with_marks(
        self, marks: Mapping[str, Mark], *, late_penalty: float, warnings: tuple[str, ...] = ()
    ) -> "Verdict":
        """Apply the marks of the gradebook, by the name of the exercise."""
        exercises = tuple(exercise.with_mark(marks[exercise.name]) for exercise in self.exercises)
        return replace(self, exercises=exercises, late_penalty=late_penalty, warnings=warnings)


def to_json(verdict: Verdict) -> dict[str, Any]:
    """Convert a verdict to the results format: its fields, the sums, and `passed` for each exercise."""
    exercises = [asdict(exercise) | {"passed": exercise.passed} for exercise in verdict.exercises]
    sums = {name: getattr(verdict, name) for name in SUMS}
    return asdict(verdict) | sums | {"exercises": exercises}


def from_json(data: dict[str, Any]) -> Verdict:
    """The inverse of `to_json`."""
    exercises = tuple(
        ExerciseResult(
            **_without(item, "passed", "checks", "hints", "closer_hints", "follows"),
            checks=tuple(CaseResult(**check) for check in item["checks"]),
            hints=tuple(item["hints"]),
            closer_hints=tuple(item.get("closer_hints", ())),  # verdicts by an older kit have none
            follows=tuple(item["follows"]),
        )
        for item in data["exercises"]
    )
    rest = _without(data, *SUMS, "exercises", "notes", "warnings", "cell_failures", "student")
    return Verdict(
        **rest,
        student=normal(data["student"]),
        exercises=exercises,
        notes=tuple(data["notes"]),
        warnings=tuple(data.get("warnings", ())),
        cell_failures=tuple(data.get("cell_failures", ())),
    )


def weakest_isolation(verdicts: list[Verdict]) -> Level | None:
    """Return the weakest isolation level of all submissions; None if there is no submission."""
    used = {verdict.isolation for verdict in verdicts}
    return next((level for level in reversed(LEVELS) if level in used), None)


def warnings(verdicts: Iterable[Verdict]) -> list[str]:
    """Return the warnings of all verdicts, each with its student's name."""
    return [f"{verdict.student}: {warning}" for verdict in verdicts for warning in verdict.warnings]


def write(path: Path, assignment: str, verdicts: list[Verdict]) -> None:
    """Write the results of a class as one JSON file, completely or not at all."""
    written = {
        "assignment": assignment,
        "isolation": weakest_isolation(verdicts),
        "submissions": [*map(_for_others, verdicts)],
    }
    write_atomically(path, json.dumps(written, indent=1))


def _for_others(verdict: Verdict) -> dict[str, Any]:
    """Convert a verdict without its pictures: other programs have no use for them."""
    data = to_json(verdict)
    return data | {"exercises": [_without(exercise, "comparison") for exercise in data["exercises"]]}


def read(path: Path) -> list[Verdict]:
    """Read the verdicts that `write` wrote; they have no pictures."""
    return [*map(from_json, json.loads(path.read_text(encoding="utf-8"))["submissions"])]


def _without(data: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in names}
