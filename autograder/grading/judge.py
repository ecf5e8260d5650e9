"""What came back from a submission is judged: a verdict."""

from collections.abc import Iterator, Mapping, Sequence

from autograder.exercises import Aspect, Assignment, Exercise, Misconception, Written
from autograder.grading.diagnosis import name_mistake, tell_difference
from autograder.grading.follow_through import follows_from
from autograder.grading.illustration import comparison
from autograder.grading.results import CheckResult, ExerciseResult, Verdict
from autograder.grading.run import Answer, Attempt, Tried, problem, read, run, run_alone
from autograder.notebooks.released import Released
from autograder.sandbox.outcomes import Failure, Returned
from autograder.sandbox.sandbox import Sandbox
from autograder.student.selfcheck.diagnosis.hints import helpful
from autograder.student.selfcheck.display.aside import unless_it_fails
from autograder.submissions.cells import Work
from autograder.submissions.locate import Submission

UNWRITTEN = ("missing", "not_implemented")


def grade(submission: Submission, assignment: Assignment, released: Released, sandbox: Sandbox) -> Verdict:
    """The verdict on a notebook. Whatever it does, there is one."""
    work = read(submission, released, assignment.name)
    return decide(run(submission, work, assignment, sandbox), work, assignment, sandbox)[0]


def decide(attempted: Attempt, work: Work | str, assignment: Assignment, sandbox: Sandbox) -> tuple[Verdict, Attempt]:
    """The verdict on what came back, and all that it rests on: what is not sure yet is run once more first."""
    verdict = judge(attempted, assignment)
    again = [one.name for one in verdict.exercises if not one.passed and one.name in attempted.unsure]
    if isinstance(work, str) or not again:
        return verdict, attempted
    more = run_alone(attempted, work, assignment, sandbox, again)
    return judge(more, assignment), more


def judge(attempted: Attempt, assignment: Assignment) -> Verdict:
    """The verdict on what came back."""
    notes = attempted.notes
    if attempted.unreadable:
        notes = (f"The notebook could not be read: {attempted.unreadable}.",)
        exercises = tuple(_unread(exercise, attempted.unreadable) for exercise in assignment.exercises)
    else:
        counts = {name: best(assignment, name, answers) for name, answers in attempted.answers.items()}
        if late := [name for name, answer in counts.items() if answer.state == "end"]:
            notes += (_further_down(late),)
        exercises = tuple(_judge_all({name: answer.tries for name, answer in counts.items()}, assignment))
    return Verdict(
        student=attempted.submission.student,
        notebook=str(attempted.submission.path).encode("utf-8", "replace").decode(),  # a name may be any bytes
        folder=str(attempted.submission.folder or "").encode("utf-8", "replace").decode(),
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
    problems = {case.name: problem(exercise, case, tried[case.name]) for case in exercise.cases}
    replies = {name: one.reply for name, one in tried.items()}
    returned = {name: reply.value for name, reply in replies.items() if isinstance(reply, Returned)}
    attempts = {name: one.attempt for name, one in tried.items()}
    wrong = {name: value for name, value in returned.items() if problems[name]}
    follows = unless_it_fails((), follows_from, assignment, exercise, named, wrong, attempts) if wrong else ()
    if follows:
        problems |= dict.fromkeys(wrong)
    mistake = unless_it_fails(None, name_mistake, exercise, returned, attempts) if wrong and not follows else None
    unknown = wrong and not mistake and not follows
    lost = [aspect for aspect in exercise.aspects if any(problems[case.name] for case in aspect.cases)]
    # A hint about the mathematics is no help to a cell that defines nothing.
    unwritten = all(isinstance(reply, Failure) and reply.kind in UNWRITTEN for reply in replies.values())
    hints = [mistake.sentence] if mistake else [] if unwritten else unless_it_fails([], _hints, lost, problems)
    return ExerciseResult(
        name=exercise.name,
        score=exercise.points - sum(aspect.points for aspect in lost),
        max_score=exercise.points,
        misconception=mistake.name if mistake else None,
        difference=unless_it_fails(None, tell_difference, exercise, returned) if unknown else None,
        follows=follows,
        comparison=unless_it_fails("", comparison, exercise, returned) if wrong and not follows else "",
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


def best(assignment: Assignment, name: str, answers: Sequence[Answer]) -> Answer:
    """The answer that earns most, the first of equals; one that is written before one that is not."""
    exercise = next(one for one in assignment.exercises if isinstance(one, Exercise) and one.name == name)

    def worth(answer: Answer) -> tuple[float, int, bool]:
        passed = {case.name for case in exercise.cases if problem(exercise, case, answer.tries[case.name]) is None}
        points = sum(one.points for one in exercise.aspects if passed.issuperset(case.name for case in one.cases))
        replies = [tried.reply for tried in answer.tries.values()]
        written = any(not isinstance(reply, Failure) or reply.kind not in UNWRITTEN for reply in replies)
        return points, len(passed), written

    return answers[0] if len(answers) == 1 else max(answers, key=worth)


def _further_down(names: Sequence[str]) -> str:
    return (
        f"Of {', '.join(names)} the version at the end of the notebook counts. "
        "It earns more points than the version where the check stands."
    )


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
