"""The evidence for a verdict on one exercise: for whoever answers a regrade request, never for students."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from rich.console import Group
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from autograder.course import settings, verdicts
from autograder.course.folder import Course
from autograder.course.verdicts import Kept
from autograder.errors import ExplainError, UnreadableNotebook
from autograder.exercises import Assignment, Case, Exercise
from autograder.exercises.truth import expected
from autograder.grading.diagnosis import arguments_by_name
from autograder.grading.follow_through import used
from autograder.grading.judge import best, decide
from autograder.grading.results import ExerciseResult
from autograder.grading.run import Tried, read, run
from autograder.notebooks import released
from autograder.sandbox.forkserver import Parent
from autograder.sandbox.outcomes import Returned
from autograder.sandbox.sandbox import Sandbox
from autograder.student.selfcheck.rules import Rule
from autograder.student.selfcheck.rules.arrays import Arrays, Named, Part
from autograder.student.selfcheck.values import Base, Key, Opaque, Plain, Prior
from autograder.submissions import choice, files, locate
from autograder.submissions.locate import Submission
from autograder.submissions.names import normal
from autograder.submissions.read import read_cells

EDGE = 3  # entries shown at either end of a long array
DIGITS = 7  # as many as float32 has


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One case: what went in, what came back, what was expected, and by how much it was missed.

    `misses` has a line for each array that is compared by a tolerance. `says` is empty where the case is right.
    `follows` names the earlier exercises with whose mistakes the answer is as it should be.
    """

    case: str
    aspect: str
    visible: bool
    passed: bool
    attempt: int
    arguments: tuple[str, ...]
    returned: str
    expected: str
    misses: tuple[str, ...]
    says: str
    follows: tuple[str, ...]
    printed: str


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """All that there is to say about a student's answer to an exercise.

    `fresh` is the verdict of running it again, `history` the verdicts before, the latest last.
    """

    student: str
    exercise: Exercise
    source: str
    changed: bool
    fresh: ExerciseResult
    evidence: tuple[Evidence, ...]
    history: tuple[Kept, ...]

    @property
    def stored(self) -> ExerciseResult | None:
        return _result(self.history[-1], self.exercise.name) if self.history else None


def explain(
    course: Course,
    assignment: Assignment,
    exercise: Exercise,
    student: str,
    *,
    parent: Parent | None = None,
    unsafe: bool = False,
) -> Explanation:
    """Run a student's answer to one exercise again and lay out what its verdict rests on.

    Args:
        parent: from which the student's process is forked, where it has been started already; it is closed afterwards.
        unsafe: run it also where it cannot be isolated.

    Raises:
        ExplainError: the student has handed in nothing, or nothing that can be read.
    """
    history = tuple(verdicts.history(course, assignment.name, student))
    release = released.read(nbformat.read(course.released_notebook(assignment.name), as_version=4))
    found = _submission(course, assignment, student, history)
    submission = found.at(choice.choose(found.paths, release).path)
    # With those that it calls: a mistake there may be all that is wrong here.
    part = replace(assignment, exercises=(*used(assignment, exercise), exercise))
    try:
        cells = read_cells(submission.path, release)
    except UnreadableNotebook as reason:
        raise ExplainError(f"the notebook of {student} could not be read: {reason}") from reason
    bundle = course.release(assignment.name)
    with Sandbox(bundle=bundle, parent=parent, preload=assignment.libraries, unsafe=unsafe) as sandbox:
        work = read(submission, release, assignment.name)
        verdict, attempted = decide(run(submission, work, part, sandbox), work, part, sandbox)
    shares = settings.partial_credit(course.root, assignment.name)
    fresh = verdict.with_partial_credit(shares).exercises[-1]
    tried = best(part, exercise.name, attempted.answers[exercise.name]).tries
    source = "\n\n".join(cell.source for cell in cells if cell.grade_id == exercise.name)
    return Explanation(
        student=student,
        exercise=exercise,
        source=source,
        changed=source.strip() != release.skeletons[exercise.name].strip(),
        fresh=fresh,
        evidence=tuple(_evidence(exercise, case, tried[case.name], fresh.follows) for case in exercise.cases),
        history=history,
    )


def page(explanation: Explanation) -> Group:
    """The explanation for a terminal."""
    exercise, fresh = explanation.exercise, explanation.fresh
    lines: list[Any] = [
        Text.assemble((f"{explanation.student}: {exercise.name}", "bold"), f", {_marks(fresh)}"),
        Text(_compared(explanation.stored, fresh)),
        *(Text(line) for line in _history(explanation)),
        Text(""),
        Text("The cell" if explanation.changed else "The cell, which is as it was released", style="bold"),
        Padding(Syntax(explanation.source or "(it is missing)", "python", background_color="default"), (0, 0, 1, 2)),
    ]
    if fresh.misconception:
        worth = f", worth {fresh.partial_credit:g} points" if fresh.partial_credit else ""
        lines.append(Text(f"The known mistake that explains all of it: {fresh.misconception}{worth}"))
    elif any(not (one.passed or one.follows) for one in explanation.evidence) and exercise.misconceptions:
        names = ", ".join(mistake.name for mistake in exercise.misconceptions)
        lines.append(Text(f"No known mistake explains it; compared with: {names}"))
    for one in explanation.evidence:
        lines += [Text(""), _headed(one), Padding(_table(one), (0, 0, 0, 2))]
    return Group(*lines)


def summarised(value: Any) -> str:
    """An argument or a result in few words: kind, shape, and the numbers at either end."""
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


def misses(rule: Rule, value: Plain, truth: Any) -> tuple[str, ...]:
    """By how much each array is off, in units of its tolerance, where it is furthest; nothing for other rules."""
    return tuple(_miss(part, one, right) for part, one, right in _pairs(rule, value, truth))


def _pairs(rule: Rule, value: Plain, truth: Any) -> Iterator[tuple[Part, np.ndarray, np.ndarray]]:
    """The arrays that have the right shape, beside what they should be."""
    match rule:
        case Named(parts) if isinstance(value, dict):
            found = [(part, value.get(part.name), truth[part.name]) for part in parts]
        case Arrays((part,)):
            found = [(part, value, truth)]
        case Arrays(parts) if len(values := _apart(value)) == len(parts):
            found = list(zip(parts, values, truth, strict=True))
        case _:
            found = []
    for part, one, right in found:
        right = np.asarray(right)
        if isinstance(one, np.ndarray) and one.shape == right.shape and one.dtype.kind in "biuf":
            yield part, one.astype(np.float64), right.astype(np.float64)


def _apart(value: Plain) -> tuple[Plain, ...]:
    """The parts of a tuple, or of an array that stacks them."""
    match value:
        case tuple():
            return value
        case np.ndarray() if value.ndim:
            return tuple(value)
    return ()


def _miss(part: Part, value: np.ndarray, truth: np.ndarray) -> str:
    allowed = part.tolerance.absolute + part.tolerance.relative * np.abs(truth)
    with np.errstate(all="ignore"):
        off = np.abs(value - truth)
        in_tolerances = np.where(off == 0, 0.0, off / allowed)
    in_tolerances = np.where(np.isnan(in_tolerances), np.inf, in_tolerances)
    if not in_tolerances.size:
        return f"{part.name}: empty, as expected"
    at = np.unravel_index(int(np.argmax(in_tolerances)), in_tolerances.shape)
    place = f" at [{', '.join(map(str, at))}]" if at else ""
    numbers = f"{value[at]:.{DIGITS}g} for {truth[at]:.{DIGITS}g}, {allowed[at]:.2g} allowed"
    return f"{part.name}: {in_tolerances[at]:.3g} tolerances{place}: {numbers}"


def _evidence(exercise: Exercise, case: Case, tried: Tried, follows: tuple[str, ...]) -> Evidence:
    aspect, rule, reply = exercise.aspect_of(case), exercise.rule_of(case), tried.reply
    truth = expected(exercise, case, tried.attempt)
    is_value = isinstance(reply, Returned)
    mismatch = rule.compare(reply.value, truth) if is_value else None
    arguments = arguments_by_name(exercise, case.arguments(tried.attempt))
    return Evidence(
        case=case.name,
        aspect=aspect.name,
        visible=case.visible,
        passed=is_value and mismatch is None,
        attempt=tried.attempt,
        arguments=tuple(f"{name} = {summarised(one)}" for name, one in arguments.items()),
        returned=summarised(reply.value) if is_value else f"{exercise.name} {reply.detail}",
        expected=summarised(truth),
        misses=misses(rule, reply.value, truth) if is_value else (),
        says=mismatch.detail if mismatch else "",
        follows=follows if mismatch else (),
        printed=reply.output.strip() if is_value else "",
    )


def _submission(course: Course, assignment: Assignment, student: str, history: tuple[Kept, ...]) -> Submission:
    """What was judged last, where it still lies there; else what the course folder has."""
    if history and files.leads_to_a_file(path := Path(history[-1].verdict.notebook)):
        return Submission(student, path)
    if course.submitted().is_dir():
        for one in locate.find([course.submitted()], assignment.name):
            if one.student == normal(student):
                return one
    raise ExplainError(f"{student} has handed in nothing for {assignment.name} in {course.root}")


def _compared(stored: ExerciseResult | None, fresh: ExerciseResult) -> str:
    if stored is None:
        return "It has not been graded before."
    if stored == fresh:
        return "Run again just now: the same verdict, to the letter."
    return f"Run again just now: not as stored ({_marks(stored)}); the kit or the notebook has changed since."


def _history(explanation: Explanation) -> list[str]:
    if len(explanation.history) < 2:
        return []
    name = explanation.exercise.name
    return ["Verdicts so far:", *(f"  {kept.given}  {_marks(_result(kept, name))}" for kept in explanation.history)]


def _result(kept: Kept, name: str) -> ExerciseResult:
    return next(one for one in kept.verdict.exercises if one.name == name)


def _marks(result: ExerciseResult) -> str:
    return f"{result.score:g} of {result.max_score:g} points"


def _headed(one: Evidence) -> Text:
    mark = ("✓ ", "green") if one.passed or one.follows else ("✗ ", "red")
    hidden = "" if one.visible else " (hidden)"
    again = ", at the second attempt" if one.attempt else ""
    own = f"; as it should be with the student's own {' and '.join(one.follows)}" if one.follows else ""
    return Text.assemble(mark, (one.case, "bold"), f"{hidden}, for “{one.aspect}”{again}{own}")


def _table(one: Evidence) -> Table:
    shown = Table.grid(padding=(0, 2))
    shown.add_column(style="dim", no_wrap=True)
    shown.add_column(overflow="fold")
    rows = [
        ("given", "\n".join(one.arguments)),
        ("returned", one.returned),
        ("expected", one.expected),
        ("off by", "\n".join(one.misses)),
        ("says", one.says),
        ("printed", one.printed),
    ]
    for name, text in rows:
        if text:
            shown.add_row(name, Text(text))
    return shown
