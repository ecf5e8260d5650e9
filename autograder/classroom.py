"""A whole class: graded in parallel, resumable, each verdict kept the moment it is there."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import nbformat

from autograder import autograded, feedback, gradebook, released, results, submissions
from autograder import verdicts as on_disk
from autograder.course import Course
from autograder.errors import KitError
from autograder.exercises import Assignment
from autograder.expected import keep, prepare
from autograder.grading import attempt, judge
from autograder.results import Verdict
from autograder.sandbox import Sandbox
from autograder.submissions import Submission, UnreadableNotebook
from autograder.verdicts import Kept

# By these nbgrader knows whether work is newer than its mark, and the exchange whose a feedback page is.
RECEIPTS = ("timestamp.txt", "submission_secret.txt")


class NotAllGraded(KitError):
    """The grader itself failed on some submissions; the others have their marks."""


def grade_class(
    course: Course,
    assignment: Assignment,
    submitted: list[Submission],
    *,
    jobs: int,
    unsafe: bool = False,
    on_verdict: Callable[[Verdict], None] = lambda verdict: None,
) -> list[Verdict]:
    """Grade submissions and write marks, feedback pages and results.

    A submission that this kit has judged before is not run again: its verdict is
    read back, so an interrupted run goes on where it stopped. Whoever grades the same
    assignment of the same course meanwhile waits, and finds everything done.

    Args:
        jobs: how many submissions run at the same time.
        unsafe: run them also where they cannot be isolated.
        on_verdict: called with each verdict as it comes, in any order.

    Returns:
        The verdicts in the order of `submitted`, with what the gradebook adds to them.

    Raises:
        IsolationError: before anything is run.
        NotAllGraded: after everything else is written.
    """
    with course.lock(assignment.name):
        errors = judge_class(course, assignment, submitted, jobs=jobs, unsafe=unsafe, on_verdict=on_verdict)
        marked = {verdict.student: verdict for verdict in publish(course, assignment)}
        release = nbformat.read(course.released_notebook(assignment.name), as_version=4)
        for one in submitted:
            if verdict := marked.get(one.student):
                target = course.autograded(assignment.name, one.student)
                graded = autograded.notebook(one.path, release, verdict)
                results.write_atomically(target, nbformat.writes(graded))
                _hand_on_receipts(one.path, target)
    if errors:
        causes = "; ".join(f"{student}: {type(error).__name__}: {error}" for student, error in errors.items())
        raise NotAllGraded(f"the grader failed on {len(errors)} of {len(submitted)} submissions: {causes}")
    return [marked[one.student] for one in submitted]


def judge_class(
    course: Course,
    assignment: Assignment,
    submitted: list[Submission],
    *,
    jobs: int,
    unsafe: bool = False,
    on_verdict: Callable[[Verdict], None] = lambda verdict: None,
) -> dict[str, Exception]:
    """Have a verdict on each submission on disk: all of `grade_class` that takes time.

    Returns:
        What went wrong with the grader itself, by student.
    """
    done = {one.student: on_disk.current(course, assignment.name, one) for one in submitted}
    for verdict in filter(None, done.values()):
        on_verdict(verdict)
    remaining = [one for one in submitted if done[one.student] is None]
    return _judge(course, assignment, remaining, jobs=jobs, unsafe=unsafe, on_verdict=on_verdict)


def publish(course: Course, assignment: Assignment) -> list[Verdict]:
    """Write everybody's feedback page and the results, with the marks as they stand in the gradebook now."""
    marked = enter_marks(course, assignment, on_disk.latest(course, assignment.name))
    for verdict in marked:
        page = course.feedback(assignment.name, verdict.student)
        results.write_atomically(page, feedback.page(assignment, verdict))
        _hand_on_receipts(Path(verdict.notebook), page)
    results.write(course.results(assignment.name), assignment.name, marked)
    return marked


def enter_marks(course: Course, assignment: Assignment, kept: Mapping[str, Kept]) -> list[Verdict]:
    """Have the marks of verdicts in the gradebook, and these verdicts with what the gradebook adds to them."""
    before = on_disk.recorded(course, assignment.name)
    anew = {student for student, one in kept.items() if before.get(student) != one.fingerprint}
    with course.lock("gradebook"):
        marked = gradebook.record(course, assignment, [one.verdict for one in kept.values()], anew=anew)
        on_disk.keep_recorded(course, assignment.name, {student: one.fingerprint for student, one in kept.items()})
    return marked


def _hand_on_receipts(notebook: Path, target: Path) -> None:
    """Have beside `target` what nbgrader notes beside a notebook when it is handed in."""
    for name in RECEIPTS:
        try:
            results.replace_atomically(target.with_name(name), submissions.content(notebook.with_name(name)))
        except UnreadableNotebook:
            target.with_name(name).unlink(missing_ok=True)


def _judge(
    course: Course,
    assignment: Assignment,
    submitted: list[Submission],
    *,
    jobs: int,
    unsafe: bool,
    on_verdict: Callable[[Verdict], None],
) -> dict[str, Exception]:
    """Run submissions and keep a verdict on each; what went wrong with the grader itself, by student."""
    if not submitted:
        return {}
    errors: dict[str, Exception] = {}
    late: list[Submission] = []
    release = released.read(nbformat.read(course.released_notebook(assignment.name), as_version=4))
    with ExitStack() as stack:
        sandbox = stack.enter_context(
            Sandbox(bundle=course.release(assignment.name), preload=assignment.libraries, unsafe=unsafe)
        )
        # The right values are computed while the first notebooks already run.
        truths = stack.enter_context(ThreadPoolExecutor(1)).submit(prepare, assignment)

        def grade_one(submission: Submission, *, alone: bool = False) -> None:
            try:
                attempted = attempt(submission, assignment, release, sandbox)
                if attempted.timed_out and not alone:
                    late.append(submission)
                    return
                truths.result()
                verdict = judge(attempted, assignment)
            except Exception as error:  # a fault of ours must not cost the rest of the class its marks
                errors[submission.student] = error
                return
            on_disk.keep(course, assignment.name, submission, verdict)
            on_verdict(verdict)

        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(grade_one, submitted))
        # Whoever ran out of time by the clock may have waited for the others.
        for submission in late:
            grade_one(submission, alone=True)
    keep(assignment)
    return errors
