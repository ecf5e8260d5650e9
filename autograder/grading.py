"""One submission from notebook to verdict: its functions are called, what comes back is judged."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograder import submissions
from autograder.exercises import Assignment, Case, Exercise, Written
from autograder.expected import expected
from autograder.misconceptions import name_mistake
from autograder.released import Released
from autograder.results import CheckResult, ExerciseResult, Verdict
from autograder.sandbox import Failure, Returned, Sandbox
from autograder.session import Session
from autograder.submissions import Submission, UnreadableNotebook, Work

MAX_FATAL_CASES = 2


@dataclass(frozen=True)
class AnswerKey:
    """What every submission of an assignment is judged by.

    `truths` maps (exercise, case) to the right value.
    """

    assignment: Assignment
    truths: Mapping[tuple[str, str], Any]
    released: Released


def answer_key(assignment: Assignment, released: Released) -> AnswerKey:
    """Compute the right value of every case, once for a whole class."""
    exercises = [exercise for exercise in assignment.exercises if isinstance(exercise, Exercise)]
    truths = {(exercise.name, case.name): expected(exercise, case) for exercise in exercises for case in exercise.cases}
    return AnswerKey(assignment, truths, released)


def grade(submission: Submission, key: AnswerKey, sandbox: Sandbox) -> Verdict:
    """The verdict on one submission. Whatever the notebook does, there is one."""
    started = time.monotonic()
    try:
        work = submissions.read(submission.path, key.released)
    except UnreadableNotebook as reason:
        status, notes = "unreadable", (f"The notebook could not be read: {reason}.",)
        exercises = tuple(_unread(exercise, str(reason)) for exercise in key.assignment.exercises)
    else:
        with Session(sandbox, work.cells) as session:
            exercises = tuple(_judge(exercise, key, work, session) for exercise in key.assignment.exercises)
            status, notes = "graded", (*work.notes, *_cell_notes(session))
    return Verdict(
        student=submission.student,
        notebook=str(submission.path),
        status=status,
        seconds=round(time.monotonic() - started, 3),
        exercises=exercises,
        notes=notes,
    )


def _judge(exercise: Exercise | Written, key: AnswerKey, work: Work, session: Session) -> ExerciseResult:
    if isinstance(exercise, Written):
        return _unmarked(exercise)
    replies = _call_all(exercise, session)
    problems = {
        case.name: _problem(exercise, case, replies[case.name], key.truths[exercise.name, case.name], work, session)
        for case in exercise.cases
    }
    returned = {name: reply.value for name, reply in replies.items() if isinstance(reply, Returned)}
    mistake = name_mistake(exercise, returned) if any(problems[name] for name in returned) else None
    lost = [aspect for aspect in exercise.aspects if any(problems[case.name] for case in aspect.cases)]
    hints = [f"{mistake.says} {mistake.hint}"] if mistake else [aspect.hint for aspect in lost]
    return ExerciseResult(
        name=exercise.name,
        score=exercise.points - sum(aspect.points for aspect in lost),
        max_score=exercise.points,
        misconception=mistake.name if mistake else None,
        checks=tuple(
            CheckResult(
                name=case.name,
                passed=problems[case.name] is None,
                visible=case.visible,
                message=problems[case.name] or "",
            )
            for case in exercise.cases
        ),
        hints=tuple(hints),
    )


def _call_all(exercise: Exercise, session: Session) -> dict[str, Returned | Failure]:
    """What came back, by the name of the case.

    A case that ends the worker ends its aspect, which is lost anyway; the second
    one ends the exercise. So a function that hangs costs little time and no other marks.
    """
    replies: dict[str, Returned | Failure] = {}
    fatal: list[Failure] = []
    for aspect in exercise.aspects:
        ended = fatal[-1] if len(fatal) >= MAX_FATAL_CASES else None
        for case in aspect.cases:
            if ended:
                replies[case.name] = ended
                continue
            reply = session.call(exercise.name, case.args)
            replies[case.name] = reply
            if isinstance(reply, Failure) and reply.fatal:
                ended = reply
                fatal.append(reply)
    return replies


def _problem(
    exercise: Exercise, case: Case, reply: Returned | Failure, truth: Any, work: Work, session: Session
) -> str | None:
    """What is wrong with a reply, in words that may be shown to the student; None where nothing is."""
    if isinstance(reply, Failure):
        if reply.kind == "missing":
            return _why_missing(exercise.name, work, session)
        return f"{exercise.name} {reply.detail if case.visible else reply.summary}"
    mismatch = exercise.rule.compare(reply.value, truth)
    if mismatch is None:
        return None
    return mismatch.detail if case.visible else mismatch.summary


def _why_missing(name: str, work: Work, session: Session) -> str:
    own = [cell for cell in work.cells if cell.grade_id == name]
    if not own:
        return f"{name} is not defined, and the cell {name} is missing from the notebook"
    failure = session.failures.get(own[-1])
    return f"{name} is not defined: its cell {failure.detail if failure else 'defines no such name'}"


def _cell_notes(session: Session) -> list[str]:
    return [
        f"Cell {cell.number}{f' ({cell.grade_id})' if cell.grade_id else ''} {failure.detail}."
        for cell, failure in session.failures.items()
    ]


def _unmarked(exercise: Written) -> ExerciseResult:
    return ExerciseResult(name=exercise.name, score=None, max_score=exercise.points, kind="manual")


def _unread(exercise: Exercise | Written, reason: str) -> ExerciseResult:
    if isinstance(exercise, Written):
        return _unmarked(exercise)
    check = CheckResult(
        name="notebook",
        passed=False,
        visible=True,
        message=f"{exercise.name} could not be checked, because the notebook could not be read: {reason}",
    )
    return ExerciseResult(name=exercise.name, score=0, max_score=exercise.points, checks=(check,))
