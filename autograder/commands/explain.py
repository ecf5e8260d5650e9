"""The evidence for a verdict on one exercise. It is for the person who answers a regrade request, not for students."""

from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Group
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from autograder.course import settings, verdicts
from autograder.course.folder import Course
from autograder.course.verdicts import StoredVerdict
from autograder.errors import ExplainError, UnreadableNotebook
from autograder.exercises import Assignment, Exercise
from autograder.grading.follow_through import used
from autograder.grading.judge import best, decide
from autograder.grading.results import ExerciseResult
from autograder.grading.run import read, run
from autograder.sandbox.forkserver import ForkServer
from autograder.sandbox.sandbox import Sandbox
from autograder.student.selfcheck.diagnosis.differences import pairs_of
from autograder.student.selfcheck.diagnosis.pairs import Pair
from autograder.student.selfcheck.outcomes import Returned
from autograder.student.selfcheck.trial import Trial
from autograder.student.selfcheck.values import Base, Key, Opaque, Prior
from autograder.submissions import choice, files, locate
from autograder.submissions.locate import Submission
from autograder.submissions.names import normal
from autograder.submissions.read import read_cells

EDGE = 3  # entries shown at either end of a long array
DIGITS = 7  # as many as float32 has


@dataclass(frozen=True)
class Evidence:
    """One case in words: the arguments, the returned and the expected value, and the size of the error."""

    aspect: str
    trial: Trial

    @property
    def arguments(self) -> tuple[str, ...]:
        return tuple(f"{name} = {summarised(argument)}" for name, argument in self.trial.arguments.items())

    @property
    def returned(self) -> str:
        match self.trial.outcome:
            case Returned(value):
                return summarised(value)
            case failure:
                return f"{self.trial.function} {failure.detail}"

    @property
    def expected(self) -> str:
        return summarised(self.trial.expected)

    @property
    def misses(self) -> tuple[str, ...]:
        return misses(self.trial)

    @property
    def says(self) -> str:
        """What the rule says about a wrong value; empty if the value is right."""
        return self.trial.mismatch.detail if self.trial.mismatch else ""

    @property
    def printed(self) -> str:
        return self.trial.outcome.output.strip() if isinstance(self.trial.outcome, Returned) else ""


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """Everything about a student's answer to an exercise.

    `fresh` is the verdict of running it again; `history` has the earlier verdicts, the latest last.
    """

    student: str
    exercise: Exercise
    source: str
    changed: bool
    fresh: ExerciseResult
    evidence: tuple[Evidence, ...]
    history: tuple[StoredVerdict, ...]

    @property
    def stored(self) -> ExerciseResult | None:
        return _result(self.history[-1], self.exercise.name) if self.history else None


def explain(
    course: Course,
    assignment: Assignment,
    exercise: Exercise,
    student: str,
    *,
    server: ForkServer | None = None,
    unsafe: bool = False,
) -> Explanation:
    """Run a student's answer to one exercise again and collect the evidence for its verdict.

    Args:
        server: a fork server that was started already; it is closed afterwards.
        unsafe: run the answer even if it cannot be isolated.

    Raises:
        ExplainError: the student has handed in nothing, or nothing that can be read.
    """
    history = tuple(verdicts.history(course, assignment.name, student))
    release = course.released_cells(assignment.name)
    found = _submission(course, assignment, student, history)
    submission = found.at(choice.choose(found.paths, release).path)
    # Also run the exercises that it calls: a mistake there may explain everything that is wrong here.
    part = replace(assignment, exercises=(*used(assignment, exercise), exercise))
    try:
        cells = read_cells(submission.path, release)
    except UnreadableNotebook as reason:
        raise ExplainError(f"the notebook of {student} could not be read: {reason}") from reason
    bundle = course.release(assignment.name)
    with Sandbox(bundle=bundle, server=server, preload=assignment.libraries, unsafe=unsafe) as sandbox:
        work = read(submission, release, assignment.name)
        verdict, done = decide(run(submission, work, part, sandbox), work, part, sandbox)
    shares = settings.partial_credit(course.root, assignment.name)
    fresh = verdict.with_partial_credit(shares).exercises[-1]
    trials = best(exercise, done.states[exercise.name]).trials
    source = "\n\n".join(cell.source for cell in cells if cell.grade_id == exercise.name)
    return Explanation(
        student=student,
        exercise=exercise,
        source=source,
        changed=source.strip() != release.skeletons[exercise.name].strip(),
        fresh=fresh,
        evidence=tuple(
            Evidence(aspect.name, _excused(trials[case.name], fresh.follows))
            for aspect in exercise.aspects
            for case in aspect.cases
        ),
        history=history,
    )


def page(explanation: Explanation) -> Group:
    """Format the explanation for a terminal."""
    exercise, fresh = explanation.exercise, explanation.fresh
    lines: list[Any] = [
        Text.assemble((f"{explanation.student}: {exercise.name}", "bold"), f", {_marks(fresh)}"),
        Text(_compared(explanation.stored, fresh)),
        *(Text(line) for line in _history(explanation)),
        Text(""),
        Text("The cell" if explanation.changed else "The cell, unchanged since the release", style="bold"),
        Padding(Syntax(explanation.source or "(it is missing)", "python", background_color="default"), (0, 0, 1, 2)),
    ]
    if fresh.misconception:
        worth = f", worth {fresh.partial_credit:g} points" if fresh.partial_credit else ""
        lines.append(Text(f"The known mistake that explains everything: {fresh.misconception}{worth}"))
    elif any(evidence.trial.lost for evidence in explanation.evidence) and exercise.mistakes:
        names = ", ".join(mistake.name for mistake in exercise.mistakes)
        lines.append(Text(f"No known mistake explains it. Compared with: {names}"))
    for evidence in explanation.evidence:
        lines += [Text(""), _headed(evidence), Padding(_table(evidence), (0, 0, 0, 2))]
    return Group(*lines)


def summarised(value: Any) -> str:
    """Describe an argument or a result in short: its kind, its shape, and the numbers at either end."""
    match value:
        case np.ndarray() if value.ndim == 0:
            return f"{value.item():.{DIGITS}g}" if value.dtype.kind == "f" else str(value.item())
        case np.ndarray():
            numbers = np.array2string(value, threshold=2 * EDGE, edgeitems=EDGE, precision=DIGITS, separator=", ")
            return f"{value.dtype} {value.shape} {' '.join(numbers.split())}"
        case Key(seed):
            return f"jax.random.key({seed})"
        case Opaque(type_name):
            return f"of type {type_name}"
        case Prior() | Base():
            items = ", ".join(f"{name}={summarised(item)}" for name, item in value._asdict().items())
            return f"{type(value).__name__}({items})"
        case tuple():
            return "(" + ", ".join(map(summarised, value)) + ")"
        case dict():
            return "{" + ", ".join(f"{name}: {summarised(item)}" for name, item in value.items()) + "}"
    return repr(value)


def misses(trial: Trial) -> tuple[str, ...]:
    """The largest error of each array, in units of its tolerance, and its place; empty for other rules."""
    return tuple(map(_miss, filter(attrgetter("fits"), pairs_of(trial))))


def _miss(pair: Pair) -> str:
    name, value, truth = pair.part.name, pair.numbers, pair.truth
    allowed = pair.part.tolerance.allowed(truth)
    with np.errstate(all="ignore"):
        off = np.abs(value - truth)
        in_tolerances = np.where(off == 0, 0.0, off / allowed)
    in_tolerances = np.where(np.isnan(in_tolerances), np.inf, in_tolerances)
    if not in_tolerances.size:
        return f"{name}: empty, as expected"
    at = np.unravel_index(int(np.argmax(in_tolerances)), in_tolerances.shape)
    place = f" at [{', '.join(map(str, at))}]" if at else ""
    numbers = f"{value[at]:.{DIGITS}g} for {truth[at]:.{DIGITS}g}, {allowed[at]:.2g} allowed"
    return f"{name}: {in_tolerances[at]:.3g} tolerances{place}: {numbers}"


def _excused(trial: Trial, follows: tuple[str, ...]) -> Trial:
    """Mark a wrong trial as following from earlier mistakes, as grading did."""
    return replace(trial, follows=follows) if trial.wrong else trial


def _submission(course: Course, assignment: Assignment, student: str, history: tuple[StoredVerdict, ...]) -> Submission:
    """Return the submission that was judged last, if it still exists; else the one in the course folder."""
    if history and files.leads_to_a_file(path := Path(history[-1].verdict.notebook)):
        return Submission(student, path)
    if course.submitted().is_dir():
        for submission in locate.find([course.submitted()], assignment.name):
            if submission.student == normal(student):
                return submission
    raise ExplainError(f"{student} has handed in nothing for {assignment.name} in {course.root}")


def _compared(stored: ExerciseResult | None, fresh: ExerciseResult) -> str:
    if stored is None:
        return "It has not been graded before."
    if stored == fresh:
        return "Run again just now: exactly the same verdict."
    return f"Run again just now: not the stored verdict ({_marks(stored)}); the kit or the notebook has changed."


def _history(explanation: Explanation) -> list[str]:
    if len(explanation.history) < 2:
        return []
    name = explanation.exercise.name
    return [
        "Verdicts so far:",
        *(f"  {stored.given}  {_marks(_result(stored, name))}" for stored in explanation.history),
    ]


def _result(stored: StoredVerdict, name: str) -> ExerciseResult:
    return next(exercise for exercise in stored.verdict.exercises if exercise.name == name)


def _marks(result: ExerciseResult) -> str:
    return f"{result.score:g} of {result.max_score:g} points"


def _headed(evidence: Evidence) -> Text:
    trial = evidence.trial
    mark = ("✗ ", "red") if trial.lost else ("✓ ", "green")
    hidden = "" if trial.visible else " (hidden)"
    again = ", at the second attempt" if trial.seed else ""
    own = f"; right for the student's own {' and '.join(trial.follows)}" if trial.follows else ""
    return Text.assemble(mark, (trial.case, "bold"), f"{hidden}, for “{evidence.aspect}”{again}{own}")


def _table(evidence: Evidence) -> Table:
    shown = Table.grid(padding=(0, 2))
    shown.add_column(style="dim", no_wrap=True)
    shown.add_column(overflow="fold")
    rows = [
        ("given", "\n".join(evidence.arguments)),
        ("returned", evidence.returned),
        ("expected", evidence.expected),
        ("off by", "\n".join(evidence.misses)),
        ("says", evidence.says),
        ("printed", evidence.printed),
    ]
    for name, text in rows:
        if text:
            shown.add_row(name, Text(text))
    return shown
