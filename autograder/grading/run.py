"""A submission is run: its cells, then its functions, each as it is where its check stands in the notebook."""

import itertools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from autograder.errors import UnreadableNotebook
from autograder.exercises import Aspect, Assignment, Case, Exercise
from autograder.exercises.truth import expected
from autograder.notebooks.released import Released
from autograder.sandbox.outcomes import Failure, Returned
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.session import Session
from autograder.student.worker.isolation import Level
from autograder.submissions import choice, companions
from autograder.submissions.cells import Work
from autograder.submissions.locate import Submission
from autograder.submissions.read import read_work

MAX_FATAL_CASES = 2
MAX_CELL_NOTES = 20  # more would not be read, and thousands would make a page that no browser opens


@dataclass(frozen=True)
class Tried:
    """The reply that counts for a case, and to which attempt; `passed` where it has been judged already."""

    reply: Returned | Failure
    attempt: int = 0
    passed: bool | None = None


type Tries = dict[str, Tried]
"""What came back from a function, by the name of the case."""


@dataclass(frozen=True)
class Answer:
    """A function as it was in one state of the notebook, and what came back from it.

    `state`: at its check; at the end, where it is another one there; or in a process that has run no cell below its
    check, as cells below may have changed what a state does not bring back.
    """

    tries: Tries
    state: Literal["check", "end", "alone"] = "check"


@dataclass(frozen=True)
class Attempt:
    """All that came back from a student's process: for the truth to judge, elsewhere.

    `answers` has those of every exercise; the best one counts. `unsure` are the exercises whose state at their check
    may not be all brought back. `unreadable` says why there is nothing, where the notebook could not be read.
    `timed_out`: something was ended by the clock, which also runs while others use the processor.
    """

    submission: Submission
    seconds: float
    answers: Mapping[str, tuple[Answer, ...]]
    notes: tuple[str, ...] = ()
    unreadable: str | None = None
    isolation: Level = "none"
    timed_out: bool = False
    unsure: frozenset[str] = frozenset()


def read(submission: Submission, released: Released, assignment: str) -> Work | str:
    """What there is to run of a submission to an assignment, or why it cannot be read."""
    try:
        chosen = choice.choose(submission.paths, released)
        work = read_work(chosen.path, released)
        beside, left = companions.read(chosen.path, submission.beside, assignment)
        notes = tuple(filter(None, (chosen.note, *work.notes, left)))
        return replace(work, path=chosen.path, notes=notes, companions=beside)
    except UnreadableNotebook as reason:
        return str(reason)


def run(submission: Submission, work: Work | str, assignment: Assignment, sandbox: Sandbox) -> Attempt:
    """Run the cells once, and call each function as it is where its check stands.

    Where it is another one at the end, it is called as it is there too: a student may have repaired it below.
    """
    if isinstance(work, str):
        return Attempt(submission, 0.0, {}, unreadable=work, isolation=sandbox.isolation)
    submission = submission.at(work.path)
    started = time.monotonic()
    exercises = [exercise for exercise in assignment.exercises if isinstance(exercise, Exercise)]
    with Session(sandbox, work, itertools.chain.from_iterable(work.places.values())) as session:
        states = {exercise.name: _states(exercise, work, session) for exercise in exercises}
        answers = {
            name: tuple(replace(one, tries=_told_all(name, one.tries, work, session)) for one in answered)
            for name, answered in _try_all(exercises, states, session).items()
        }
        unsure = {name for name, places in states.items() if session.acts_after(places[0])}
        notes = (*work.notes, *_cell_notes(session))
    return Attempt(
        submission,
        time.monotonic() - started,
        answers,
        notes,
        isolation=sandbox.isolation,
        timed_out=session.timed_out,
        unsure=frozenset(unsure),
    )


def run_alone(
    attempted: Attempt, work: Work, assignment: Assignment, sandbox: Sandbox, names: Sequence[str]
) -> Attempt:
    """Try exercises once more, each in a process that runs no cell below its check."""
    started = time.monotonic()
    answers = dict(attempted.answers)
    timed_out = attempted.timed_out
    for exercise in assignment.exercises:
        if isinstance(exercise, Exercise) and exercise.name in names:
            place = work.places[exercise.name][0]
            with Session(sandbox, replace(work, cells=work.cells[:place])) as session:
                (answer,) = _try_all([exercise], {exercise.name: [place]}, session)[exercise.name]
            answers[exercise.name] += (replace(answer, state="alone"),)
            timed_out |= session.timed_out
    seconds = attempted.seconds + time.monotonic() - started
    return replace(attempted, answers=answers, seconds=seconds, timed_out=timed_out)


def problem(exercise: Exercise, case: Case, tried: Tried) -> str | None:
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


def _states(exercise: Exercise, work: Work, session: Session) -> list[int]:
    """The places at which a function is tried: it, or what it uses, is another one at each."""
    places: list[int] = []
    for place in dict.fromkeys((*work.places.get(exercise.name, ()), session.end)):
        if all(session.differ(exercise.name, earlier, place) for earlier in places):
            places.append(place)
    return places


def _try_all(
    exercises: Sequence[Exercise], states: Mapping[str, Sequence[int]], session: Session
) -> dict[str, tuple[Answer, ...]]:
    """What came back from each exercise in each of its states.

    The visible cases of all exercises come first: what a function says of one may be shown,
    and it could say what it has seen of a hidden one.
    """
    tried: dict[tuple[str, int], Tries] = {(one.name, place): {} for one in exercises for place in states[one.name]}
    for visible in (True, False):
        for exercise in exercises:
            for place in states[exercise.name]:
                known = tried[exercise.name, place]
                for case in exercise.cases:
                    if case.visible == visible:
                        ended = _ended(exercise.aspect_of(case), known)
                        known[case.name] = (
                            Tried(_not_tried(ended)) if ended else try_case(exercise, case, session, place=place)
                        )
    return {
        one.name: tuple(
            Answer(tried[one.name, place], "check" if place == states[one.name][0] else "end")
            for place in states[one.name]
        )
        for one in exercises
    }


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


def try_case(exercise: Exercise, case: Case, session: Session, *, place: int | None = None) -> Tried:
    """The reply that counts. A statistical case that fails is tried once more, with other keys."""
    tried = _try_once(exercise, case, session, attempt=0, place=place)
    for attempt in range(1, case.attempts):
        if isinstance(tried.reply, Returned) and not tried.passed:
            tried = _try_once(exercise, case, session, attempt=attempt, place=place)
    return tried


def _try_once(exercise: Exercise, case: Case, session: Session, *, attempt: int, place: int | None) -> Tried:
    probe = exercise.aspect_of(case).probe
    reply = session.call(exercise.name, case.arguments(attempt), cpu_seconds=exercise.seconds, probe=probe, place=place)
    tried = Tried(reply, attempt)
    if case.seeded and isinstance(reply, Returned):
        return replace(tried, passed=problem(exercise, case, tried) is None)
    return tried


def _not_tried(earlier: Failure) -> Failure:
    return replace(
        earlier,
        summary=f"was not tried again after it {earlier.summary}",
        detail=f"was not tried again after it {earlier.summary}",
        fatal=False,
    )


def _told_all(name: str, tries: Tries, work: Work, session: Session) -> Tries:
    return {case: replace(one, reply=_told(name, one.reply, work, session)) for case, one in tries.items()}


def _told(name: str, reply: Returned | Failure, work: Work, session: Session) -> Returned | Failure:
    """A reply; where the function is missing, with what happened to its cell."""
    if not isinstance(reply, Failure) or reply.kind != "missing":
        return reply
    own = [cell for cell in work.cells if cell.grade_id == name]
    if not own:
        why = f"is not defined, and the cell {name} is missing from the notebook: copy it from the released one"
    else:
        failures = session.failures.get(own[-1])
        why = f"is not defined: its cell {failures[0].detail if failures else 'defines no such name'}"
    # What happened while the cells ran happened before any hidden case was known.
    return Failure("missing", why, why)


def _cell_notes(session: Session) -> list[str]:
    notes = [
        f"Cell {cell.number}{f' ({cell.grade_id})' if cell.grade_id else ''} {failure.detail}."
        for cell, failures in session.failures.items()
        for failure in failures
    ]
    more = len(notes) - MAX_CELL_NOTES
    return notes if more <= 0 else [*notes[:MAX_CELL_NOTES], f"{more} more lines failed."]
