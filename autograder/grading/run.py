"""Run a submission: its cells, then each function in the state it has where its check stands."""

import itertools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from autograder.errors import UnreadableKind, UnreadableNotebook
from autograder.exercises import Aspect, Assignment, Case, Exercise
from autograder.grading.trials import trial_of
from autograder.notebooks.released import Released
from autograder.sandbox.replies import KeptSession, Replies
from autograder.sandbox.sandbox import Sandbox
from autograder.student.selfcheck.outcomes import Failure, FailureKind
from autograder.student.selfcheck.trial import Trial, run_case
from autograder.student.worker.isolation import Level
from autograder.submissions import choice, companions
from autograder.submissions.cells import Cell, Work
from autograder.submissions.locate import Submission
from autograder.submissions.read import read_work

MAX_FATAL_CASES = 2
MAX_CELL_NOTES = 20  # nobody reads more, and no browser opens a page with thousands


@dataclass(frozen=True)
class Unreadable:
    """Why a submission cannot be run: `kind` for programs, `says` for its author."""

    kind: UnreadableKind
    says: str


type Trials = dict[str, Trial]
"""The deciding trial of each case, by the case's name."""


@dataclass(frozen=True)
class State:
    """A function in one state of the notebook, and the trials of it in that state.

    `place` is where the state was taken: "check", where the check stands; "end", if the function is a different one at
    the end of the notebook; "alone", in a process that ran no cell below the check. The last is needed when cells below
    may have changed something that restoring a state does not undo.
    """

    trials: Trials
    place: Literal["check", "end", "alone"] = "check"


@dataclass(frozen=True)
class Run:
    """A submission that was run, with all outcomes from its process.

    - `states`: the states of each exercise; the best one counts.
    - `unsure`: the exercises whose state at the check may not have been restored completely.
    - `unreadable`: why nothing was run, if the notebook could not be read.
    - `timed_out`: a cell or a call reached its wall-clock limit, possibly because the machine was busy.
    - `cell_failures`: the kinds of failure of the cells, each once.
    """

    submission: Submission
    seconds: float
    states: Mapping[str, tuple[State, ...]]
    notes: tuple[str, ...] = ()
    unreadable: Unreadable | None = None
    isolation: Level = "none"
    timed_out: bool = False
    unsure: frozenset[str] = frozenset()
    cell_failures: tuple[FailureKind, ...] = ()


def read(submission: Submission, released: Released, assignment: str) -> Work | Unreadable:
    """Read the cells and companion files of a submission; return `Unreadable` if that fails."""
    try:
        chosen = choice.choose(submission.paths, released)
        work = read_work(chosen.path, released)
        beside, left = companions.read(chosen.path, submission.beside, assignment)
        notes = tuple(filter(None, (chosen.note, *work.notes, left)))
        return replace(work, path=chosen.path, notes=notes, companions=beside)
    except UnreadableNotebook as error:
        return Unreadable(error.kind, str(error))


def run(
    submission: Submission,
    work: Work | Unreadable,
    assignment: Assignment,
    sandbox: Sandbox,
    *,
    replies: Replies | None = None,
) -> Run:
    """Run the cells once, then call each function in the state it has where its check stands.

    What `replies` knows is not run; the others are added to it.

    If the function is a different one at the end of the notebook, it is called there too: the student may have repaired
    it below its check.
    """
    if isinstance(work, Unreadable):
        return Run(submission, 0.0, {}, unreadable=work, isolation=sandbox.isolation)
    submission = submission.at(work.path)
    started = time.monotonic()
    exercises = assignment.graded
    replies = replies or Replies()
    with KeptSession(sandbox, work, itertools.chain.from_iterable(work.places.values()), replies) as session:
        places = {exercise.name: _places(exercise, work, session) for exercise in exercises}
        states = {
            name: tuple(replace(state, trials=_explained(state.trials, work, session)) for state in found)
            for name, found in _try_all(exercises, places, session).items()
        }
        unsure = {name for name, (first, *_) in places.items() if session.acts_after(first)}
        failures = [(cell, failure) for cell, failed in session.failures.items() for failure in failed]
    return Run(
        submission,
        time.monotonic() - started,
        states,
        (*work.notes, *_cell_notes(failures)),
        isolation=sandbox.isolation,
        timed_out=session.timed_out,
        unsure=frozenset(unsure),
        cell_failures=tuple(dict.fromkeys(failure.kind for _, failure in failures)),
    )


def run_alone(
    done: Run,
    work: Work,
    assignment: Assignment,
    sandbox: Sandbox,
    names: Sequence[str],
    *,
    replies: Replies | None = None,
) -> Run:
    """Try exercises once more, each in a process that runs no cell below its check."""
    started = time.monotonic()
    states = dict(done.states)
    timed_out = done.timed_out
    for exercise in (assignment[name] for name in names):
        place = work.places[exercise.name][0]
        with KeptSession(sandbox, replace(work, cells=work.cells[:place]), (), replies or Replies()) as session:
            (state,) = _try_all([exercise], {exercise.name: [place]}, session)[exercise.name]
        states[exercise.name] += (replace(state, place="alone"),)
        timed_out |= session.timed_out
    seconds = done.seconds + time.monotonic() - started
    return replace(done, states=states, seconds=seconds, timed_out=timed_out)


def _places(exercise: Exercise, work: Work, session: KeptSession) -> list[int]:
    """Return the places to try a function at: at each, the function or something it uses is different."""
    places: list[int] = []
    for place in dict.fromkeys((*work.places.get(exercise.name, ()), session.end)):
        if all(session.differ(exercise.name, earlier, place) for earlier in places):
            places.append(place)
    return places


def _try_all(
    exercises: Sequence[Exercise], places: Mapping[str, Sequence[int]], session: KeptSession
) -> dict[str, tuple[State, ...]]:
    """Return the states of each exercise, one for each of its places.

    The visible cases of all exercises are tried first. Messages about them may be shown to the student, so a function
    must not have seen a hidden case before.
    """
    tried: dict[tuple[str, int], Trials] = {
        (exercise.name, place): {} for exercise in exercises for place in places[exercise.name]
    }
    for visible in (True, False):
        for exercise in exercises:
            for place in places[exercise.name]:
                trials = tried[exercise.name, place]
                for case in exercise.cases:
                    if case.visible == visible:
                        trials[case.name] = _try_next(exercise, case, session, place, trials)
    return {
        exercise.name: tuple(
            State(tried[exercise.name, place], "check" if place == places[exercise.name][0] else "end")
            for place in places[exercise.name]
        )
        for exercise in exercises
    }


def _try_next(exercise: Exercise, case: Case, session: KeptSession, place: int, earlier: Trials) -> Trial:
    """Try a case, unless earlier cases have shown that trying it is pointless."""
    if ended := _ended(exercise.aspect_of(case), earlier):
        return trial_of(exercise, case, _not_tried(ended))
    return try_case(exercise, case, session, place=place)


def _ended(aspect: Aspect, trials: Trials) -> Failure | None:
    """Return the failure after which no more cases of an aspect are tried, if there is one.

    A case that ends the worker ends its aspect, which is lost anyway; a second such case ends the exercise. So a
    function that hangs costs little time and no other points.
    """
    outcomes = {name: trial.outcome for name, trial in trials.items()}
    fatal = {name: outcome for name, outcome in outcomes.items() if isinstance(outcome, Failure) and outcome.fatal}
    own = [fatal[case.name] for case in aspect.cases if case.name in fatal]
    if own:
        return own[0]
    return list(fatal.values())[-1] if len(fatal) >= MAX_FATAL_CASES else None


def try_case(exercise: Exercise, case: Case, session: KeptSession, *, place: int | None = None) -> Trial:
    """Try a case with its seeds and return the trial that decides."""
    probe = exercise.aspect_of(case).probe

    def trial_with(seed: int) -> Trial:
        arguments = case.arguments(seed)
        outcome = session.call(exercise.name, arguments, cpu_seconds=exercise.seconds, probe=probe, place=place)
        return trial_of(exercise, case, outcome, seed)

    return run_case(case.seeds, trial_with)


def _not_tried(earlier: Failure) -> Failure:
    return replace(
        earlier,
        summary=f"was not tried again after it {earlier.summary}",
        detail=f"was not tried again after it {earlier.summary}",
        fatal=False,
    )


def _explained(trials: Trials, work: Work, session: KeptSession) -> Trials:
    """Return the trials; if the function is missing, with what happened to its cell."""
    return {case: _with_cause(trial, work, session) for case, trial in trials.items()}


def _with_cause(trial: Trial, work: Work, session: KeptSession) -> Trial:
    if not isinstance(trial.outcome, Failure) or trial.outcome.kind != "missing":
        return trial
    name = trial.function
    own = [cell for cell in work.cells if cell.grade_id == name]
    if not own:
        why = f"is not defined, and the cell {name} is missing from the notebook: copy it from the released one"
    else:
        failures = session.failures.get(own[-1])
        why = f"is not defined: its cell {failures[0].detail if failures else 'defines no such name'}"
    # The cells ran before any hidden case was sent, so their messages cannot reveal one.
    return replace(trial, outcome=Failure.same("missing", why))


def _cell_notes(failures: Sequence[tuple[Cell, Failure]]) -> list[str]:
    notes = [
        f"Cell {cell.number}{f' ({cell.grade_id})' if cell.grade_id else ''} {failure.detail}."
        for cell, failure in failures
    ]
    more = len(notes) - MAX_CELL_NOTES
    return notes if more <= 0 else [*notes[:MAX_CELL_NOTES], f"{more} more lines failed."]
