"""Judge the outcomes of a run and decide the verdict."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from autograder.exercises import Assignment, Exercise, KnownMistake, Written
from autograder.grading.diagnosis import name_mistake
from autograder.grading.follow_through import follows_from
from autograder.grading.illustration import comparison
from autograder.grading.results import CaseResult, ExerciseResult, Verdict
from autograder.grading.run import Run, State, Trials, Unreadable, read, run, run_alone
from autograder.notebooks.released import Released
from autograder.sandbox.replies import Replies
from autograder.sandbox.sandbox import Sandbox
from autograder.student.selfcheck.display.aside import unless_it_fails
from autograder.student.selfcheck.judge import diagnose
from autograder.student.selfcheck.trial import unwritten
from autograder.submissions.cells import Work
from autograder.submissions.locate import Submission


def grade(submission: Submission, assignment: Assignment, released: Released, sandbox: Sandbox) -> Verdict:
    """Run a notebook and return its verdict. Every notebook gets a verdict, whatever its code does."""
    work = read(submission, released, assignment.name)
    return decide(run(submission, work, assignment, sandbox), work, assignment, sandbox)[0]


def decide(
    done: Run,
    work: Work | Unreadable,
    assignment: Assignment,
    sandbox: Sandbox,
    *,
    replies: Replies | None = None,
) -> tuple[Verdict, Run]:
    """Return the verdict on a run, and the run itself. Lost exercises with an unsure state are run once more first."""
    verdict = judge(done, assignment)
    again = [exercise.name for exercise in verdict.exercises if not exercise.passed and exercise.name in done.unsure]
    if isinstance(work, Unreadable) or not again:
        return verdict, done
    more = run_alone(done, work, assignment, sandbox, again, replies=replies)
    return judge(more, assignment), more


def judge(done: Run, assignment: Assignment) -> Verdict:
    """Return the verdict on the outcomes of a run."""
    notes = done.notes
    if unreadable := done.unreadable:
        notes = (f"The notebook could not be read: {unreadable.says}.",)
        exercises = tuple(_unread(exercise, unreadable.says) for exercise in assignment.exercises)
    else:
        counts = {name: best(assignment[name], states) for name, states in done.states.items()}
        if late := [name for name, state in counts.items() if state.place == "end"]:
            notes += (_further_down(late),)
        exercises = tuple(_judge_all({name: state.trials for name, state in counts.items()}, assignment))
    return Verdict(
        student=done.submission.student,
        notebook=str(done.submission.path).encode("utf-8", "replace").decode(),  # a file name may hold any bytes
        folder=str(done.submission.folder or "").encode("utf-8", "replace").decode(),
        status="unreadable" if unreadable else "graded",
        seconds=round(done.seconds, 3),
        exercises=exercises,
        notes=notes,
        isolation=done.isolation,
        unreadable=unreadable.kind if unreadable else "",
        cell_failures=done.cell_failures,
    )


def best(exercise: Exercise, states: Sequence[State]) -> State:
    """Return the state that earns most; the first of equals, and a written function before an unwritten one."""

    def worth(state: State) -> tuple[float, int, bool]:
        trials = state.trials.values()
        return _score(exercise, state.trials), sum(trial.passed for trial in trials), not unwritten(trials)

    return states[0] if len(states) == 1 else max(states, key=worth)


def _judge_all(trials: Mapping[str, Trials], assignment: Assignment) -> Iterator[ExerciseResult]:
    named: dict[str, KnownMistake] = {}
    for exercise in assignment.exercises:
        if isinstance(exercise, Written):
            yield _unmarked(exercise)
        else:
            result = _judge(exercise, trials[exercise.name], assignment, named)
            for mistake in exercise.mistakes:
                if mistake.name == result.misconception:
                    named[exercise.name] = mistake
            yield result


def _judge(
    exercise: Exercise, trials: Trials, assignment: Assignment, named: Mapping[str, KnownMistake]
) -> ExerciseResult:
    """Judge one exercise. `named`: the mistakes of earlier exercises, which cost no points here."""
    wrong = [trial for trial in trials.values() if trial.wrong]
    follows = unless_it_fails((), follows_from, assignment, exercise, named, wrong) if wrong else ()
    if follows:
        trials = trials | {trial.case: replace(trial, follows=follows) for trial in wrong}
    ordered = [trials[case.name] for case in exercise.cases]
    found = diagnose(ordered, partial(name_mistake, exercise))
    return ExerciseResult(
        name=exercise.name,
        score=_score(exercise, trials),
        max_score=exercise.points,
        misconception=found.mistake.name if found.mistake else None,
        difference=found.difference,
        follows=follows,
        comparison=unless_it_fails("", comparison, ordered) if wrong and not follows else "",
        checks=tuple(
            CaseResult(
                name=trial.case,
                passed=not trial.lost,
                visible=trial.visible,
                message=trial.message,
                kind=trial.kind,
            )
            for trial in ordered
        ),
        hints=found.hints,
        closer_hints=found.closer,
    )


def _score(exercise: Exercise, trials: Trials) -> int:
    """Return the points of the aspects that lost no case."""
    return sum(aspect.points for aspect in exercise.aspects if not any(trials[case.name].lost for case in aspect.cases))


def _further_down(names: Sequence[str]) -> str:
    return (
        f"For {', '.join(names)}, the version at the end of the notebook counts. "
        "It earns more points than the version where the check stands."
    )


def _unmarked(exercise: Written) -> ExerciseResult:
    return ExerciseResult(name=exercise.name, score=None, max_score=exercise.points, kind="manual")


def _unread(exercise: Exercise | Written, reason: str) -> ExerciseResult:
    if isinstance(exercise, Written):
        return _unmarked(exercise)
    check = CaseResult(
        name="notebook",
        passed=False,
        visible=True,
        kind="unreadable",
        message=f"{exercise.name} could not be checked, because the notebook could not be read: {reason}",
    )
    return ExerciseResult(name=exercise.name, score=0, max_score=exercise.points, checks=(check,))
