"""One submission from notebook to verdict: its functions are called, what comes back is judged."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder import submissions
from autograder.beside.selfcheck.shown.hints import helpful
from autograder.beside.worker.isolation import Level
from autograder.comparison import comparison
from autograder.exercises import Aspect, Assignment, Case, Exercise, Misconception, Written
from autograder.expected import expected
from autograder.follow import follows_from
from autograder.misconceptions import name_mistake, tell_difference
from autograder.released import Released
from autograder.replies import Failure, Returned
from autograder.results import CheckResult, ExerciseResult, Verdict
from autograder.sandbox import Sandbox
from autograder.session import Session
from autograder.submissions import Submission, UnreadableNotebook, Work

MAX_FATAL_CASES = 2
MAX_CELL_NOTES = 20  # more would not be read, and thousands would make a page that no browser opens
UNWRITTEN = ("missing", "not_implemented")


@dataclass(frozen=True)
class Tried:
    """The reply that counts for a case, and to which attempt; `passed` where it has been judged already."""

    reply: Returned | Failure
    attempt: int = 0
    passed: bool | None = None


@dataclass(frozen=True)
class Attempt:
    """All that came back from a student's process: for the truth to judge, elsewhere.

    `tried` has one entry for every case of every exercise, by exercise and case.
    `unreadable` says why there is nothing, where the notebook could not be read.
    `timed_out`: something was ended by the clock, which also runs while others use the processor.
    """

    submission: Submission
    seconds: float
    tried: dict[str, dict[str, Tried]]
    notes: tuple[str, ...] = ()
    unreadable: str | None = None
    isolation: Level = "none"
    timed_out: bool = False


def attempt(submission: Submission, assignment: Assignment, released: Released, sandbox: Sandbox) -> Attempt:
    """Run a notebook and call its functions. Whatever it does, there is an attempt."""
    return run(submission, read(submission, released), assignment, sandbox)


def read(submission: Submission, released: Released) -> Work | str:
    """What there is to run of a notebook, or why it cannot be read."""
    try:
        return submissions.read(submission.path, released)
    except UnreadableNotebook as reason:
        return str(reason)


def run(submission: Submission, work: Work | str, assignment: Assignment, sandbox: Sandbox) -> Attempt:
    """The same, wherever the notebook has been read."""
    if isinstance(work, str):
        return Attempt(submission, 0.0, {}, unreadable=work, isolation=sandbox.isolation)
    started = time.monotonic()
    with Session(sandbox, work.cells) as session:
        tried = {
            exercise: {
                name: replace(one, reply=_told(exercise, one.reply, work, session)) for name, one in cases.items()
            }
            for exercise, cases in _try_all(assignment, session).items()
        }
        notes = (*work.notes, *_cell_notes(session))
    return Attempt(
        submission,
        time.monotonic() - started,
        tried,
        notes,
        isolation=sandbox.isolation,
        timed_out=session.timed_out,
    )


def judge(attempted: Attempt, assignment: Assignment) -> Verdict:
    """The verdict on what came back."""
    notes = attempted.notes
    if attempted.unreadable:
        notes = (f"The notebook could not be read: {attempted.unreadable}.",)
        exercises = tuple(_unread(exercise, attempted.unreadable) for exercise in assignment.exercises)
    else:
        exercises = tuple(_judge_all(attempted.tried, assignment))
    return Verdict(
        student=attempted.submission.student,
        notebook=str(attempted.submission.path).encode("utf-8", "replace").decode(),  # a name may be any bytes
        status="unreadable" if attempted.unreadable else "graded",
        seconds=round(attempted.seconds, 3),
        exercises=exercises,
        notes=notes,
        isolation=attempted.isolation,
    )


def _judge_all(tried: Mapping[str, Mapping[str, Tried]], assignment: Assignment) -> Iterator[ExerciseResult]:
    named: dict[str, Misconception] = {}
    for exercise in assignment.exercises:
        if isinstance(exercise, Written):
            yield _unmarked(exercise)
        else:
            result = _judge(exercise, tried[exercise.name], assignment, named)
            for mistake in exercise.misconceptions:
                if mistake.name == result.misconception:
                    named[exercise.name] = mistake
            yield result


def _judge(
    exercise: Exercise, tried: Mapping[str, Tried], assignment: Assignment, named: Mapping[str, Misconception]
) -> ExerciseResult:
    """One exercise; `named` are the mistakes in those before it, for which it does not pay again."""
    problems = {case.name: _problem(exercise, case, tried[case.name]) for case in exercise.cases}
    replies = {name: one.reply for name, one in tried.items()}
    returned = {name: reply.value for name, reply in replies.items() if isinstance(reply, Returned)}
    attempts = {name: one.attempt for name, one in tried.items()}
    wrong = {name: value for name, value in returned.items() if problems[name]}
    follows = follows_from(assignment, exercise, named, wrong, attempts) if wrong else ()
    if follows:
        problems |= dict.fromkeys(wrong)
    mistake = name_mistake(exercise, returned, attempts) if wrong and not follows else None
    lost = [aspect for aspect in exercise.aspects if any(problems[case.name] for case in aspect.cases)]
    # A hint about the mathematics is no help to a cell that defines nothing.
    unwritten = all(isinstance(reply, Failure) and reply.kind in UNWRITTEN for reply in replies.values())
    hints = [mistake.sentence] if mistake else [] if unwritten else _hints(lost, problems)
    return ExerciseResult(
        name=exercise.name,
        score=exercise.points - sum(aspect.points for aspect in lost),
        max_score=exercise.points,
        misconception=mistake.name if mistake else None,
        difference=tell_difference(exercise, returned) if wrong and not mistake and not follows else None,
        follows=follows,
        comparison=comparison(exercise, returned) if wrong and not follows else "",
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


def _hints(lost: Sequence[Aspect], problems: Mapping[str, str | None]) -> list[str]:
    # What is said of hidden cases holds no numbers, so that the same words mean the same.
    of_hidden = {
        aspect.hint: [says for case in aspect.cases if not case.visible and (says := problems[case.name])]
        for aspect in lost
    }
    return helpful(of_hidden)


def _problem(exercise: Exercise, case: Case, tried: Tried) -> str | None:
    """What is wrong with a reply, in words that may be shown to the student; None where nothing is."""
    reply = tried.reply
    if tried.passed:
        return None
    if isinstance(reply, Failure):
        return f"{exercise.name} {reply.detail if case.visible else reply.summary}"
    mismatch = exercise.rule_of(case).compare(reply.value, expected(exercise, case, tried.attempt))
    if mismatch is None:
        return None
    return mismatch.detail if case.visible else mismatch.summary


def _try_all(assignment: Assignment, session: Session) -> dict[str, dict[str, Tried]]:
    """What came back, by the names of the exercise and the case.

    The visible cases of all exercises come first: what a function says of one may be shown,
    and it could say what it has seen of a hidden one.
    """
    exercises = [exercise for exercise in assignment.exercises if isinstance(exercise, Exercise)]
    tried: dict[str, dict[str, Tried]] = {exercise.name: {} for exercise in exercises}
    for visible in (True, False):
        for exercise in exercises:
            known = tried[exercise.name]
            for aspect in exercise.aspects:
                for case in aspect.cases:
                    if case.visible == visible:
                        ended = _ended(aspect, known)
                        known[case.name] = Tried(_not_tried(ended)) if ended else try_case(exercise, case, session)
    return tried


def _ended(aspect: Aspect, tried: Mapping[str, Tried]) -> Failure | None:
    """Why no more cases of an aspect are tried.

    A case that ends the worker ends its aspect, which is lost anyway; the second
    one ends the exercise. So a function that hangs costs little time and no other marks.
    """
    fatal = {name: one.reply for name, one in tried.items() if isinstance(one.reply, Failure) and one.reply.fatal}
    own = [fatal[case.name] for case in aspect.cases if case.name in fatal]
    if own:
        return own[0]
    return list(fatal.values())[-1] if len(fatal) >= MAX_FATAL_CASES else None


def try_case(exercise: Exercise, case: Case, session: Session) -> Tried:
    """The reply that counts. A statistical case that fails is tried once more, with other keys."""
    tried = _try_once(exercise, case, session, attempt=0)
    for attempt in range(1, case.attempts):
        if isinstance(tried.reply, Returned) and not tried.passed:
            tried = _try_once(exercise, case, session, attempt=attempt)
    return tried


def _try_once(exercise: Exercise, case: Case, session: Session, *, attempt: int) -> Tried:
    probe = exercise.aspect_of(case).probe
    reply = session.call(exercise.name, case.arguments(attempt), cpu_seconds=exercise.seconds, probe=probe)
    tried = Tried(reply, attempt)
    if case.seeded and isinstance(reply, Returned):
        return replace(tried, passed=_problem(exercise, case, tried) is None)
    return tried


def _not_tried(earlier: Failure) -> Failure:
    return replace(
        earlier,
        summary=f"was not tried again after it {earlier.summary}",
        detail=f"was not tried again after it {earlier.summary}",
        fatal=False,
    )


def _told(name: str, reply: Returned | Failure, work: Work, session: Session) -> Returned | Failure:
    """A reply; where the function is missing, with what happened to its cell."""
    if not isinstance(reply, Failure) or reply.kind != "missing":
        return reply
    own = [cell for cell in work.cells if cell.grade_id == name]
    if not own:
        why = f"is not defined, and the cell {name} is missing from the notebook: copy it from the released one"
    else:
        failure = session.failures.get(own[-1])
        why = f"is not defined: its cell {failure.detail if failure else 'defines no such name'}"
    # What happened while the cells ran happened before any hidden case was known.
    return Failure("missing", why, why)


def _cell_notes(session: Session) -> list[str]:
    notes = [
        f"Cell {cell.number}{f' ({cell.grade_id})' if cell.grade_id else ''} {failure.detail}."
        for cell, failure in session.failures.items()
    ]
    more = len(notes) - MAX_CELL_NOTES
    return notes if more <= 0 else [*notes[:MAX_CELL_NOTES], f"{more} more cells failed."]


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
