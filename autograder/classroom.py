"""A whole class: graded in parallel, resumable, each verdict kept the moment it is there."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import nbformat

from autograder import feedback, fingerprint, gradebook, released, results
from autograder.course import Course
from autograder.errors import KitError
from autograder.exercises import Assignment
from autograder.expected import keep, prepare
from autograder.grading import attempt, judge
from autograder.results import Verdict
from autograder.sandbox import Sandbox
from autograder.submissions import Submission


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
    read back, so an interrupted run goes on where it stopped.

    Args:
        jobs: how many submissions run at the same time.
        unsafe: run them also where they cannot be isolated.
        on_verdict: called with each verdict as it comes, in any order.

    Returns:
        The verdicts in the order of `submitted`, with the manual marks so far.

    Raises:
        IsolationError: before anything is run.
        NotAllGraded: after everything else is written.
    """
    verdicts = {one.student: verdict for one in submitted if (verdict := _kept(course, assignment, one))}
    for verdict in verdicts.values():
        on_verdict(verdict)
    remaining = [one for one in submitted if one.student not in verdicts]
    errors: dict[str, Exception] = {}
    if remaining:
        notebook = nbformat.read(course.release(assignment.name) / f"{assignment.name}.ipynb", as_version=4)
        with ExitStack() as stack:
            sandbox = stack.enter_context(
                Sandbox(bundle=course.release(assignment.name), preload=assignment.libraries, unsafe=unsafe)
            )
            # The right values are computed while the first notebooks already run.
            truths = stack.enter_context(ThreadPoolExecutor(1)).submit(prepare, assignment)
            pool = stack.enter_context(ThreadPoolExecutor(jobs))
            release = released.read(notebook)

            def grade_one(submission: Submission) -> None:
                try:
                    attempted = attempt(submission, assignment, release, sandbox)
                    truths.result()
                    verdict = judge(attempted, assignment)
                except Exception as error:  # a fault of ours must not cost the rest of the class its marks
                    errors[submission.student] = error
                    return
                _keep(course, assignment, submission, verdict)
                verdicts[submission.student] = verdict
                on_verdict(verdict)

            list(pool.map(grade_one, remaining))
        keep(assignment)
    marked = _publish(course, assignment, [verdicts[one.student] for one in submitted if one.student in verdicts])
    if errors:
        causes = "; ".join(f"{student}: {type(error).__name__}: {error}" for student, error in errors.items())
        raise NotAllGraded(f"the grader failed on {len(errors)} of {len(submitted)} submissions: {causes}")
    return marked


def _publish(course: Course, assignment: Assignment, verdicts: list[Verdict]) -> list[Verdict]:
    marked = gradebook.record(course, assignment, verdicts)
    for verdict in marked:
        results.write_atomically(course.feedback(assignment.name, verdict.student), feedback.page(assignment, verdict))
    results.write(course.results(assignment.name), assignment.name, marked)
    return marked


def _kept(course: Course, assignment: Assignment, submission: Submission) -> Verdict | None:
    path = course.verdict(assignment.name, submission.student)
    if not path.exists() or not submission.path.is_file():
        return None
    kept = json.loads(path.read_text(encoding="utf-8"))
    if kept["fingerprint"] != fingerprint.submission(submission.path):
        return None
    return results.from_json(kept["verdict"])


def _keep(course: Course, assignment: Assignment, submission: Submission, verdict: Verdict) -> None:
    if submission.path.is_file():
        kept = {"fingerprint": fingerprint.submission(submission.path), "verdict": results.to_json(verdict)}
        results.write_atomically(course.verdict(assignment.name, submission.student), json.dumps(kept))
