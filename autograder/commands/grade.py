"""A whole class: graded in parallel, resumable, each verdict kept the moment it is there."""

import os
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, suppress
from importlib import import_module
from pathlib import Path

import nbformat

from autograder import machine
from autograder.commands import cluster as on_cluster
from autograder.commands.parallel import in_parallel
from autograder.course import settings
from autograder.course import verdicts as on_disk
from autograder.course.folder import Course
from autograder.course.verdicts import Kept
from autograder.errors import NotAllGraded, UnreadableNotebook
from autograder.exercises import Assignment
from autograder.exercises.truth import keep, prepare
from autograder.files import replace_atomically, write_atomically
from autograder.grading import results
from autograder.grading.judge import decide
from autograder.grading.results import Verdict
from autograder.grading.run import read, run
from autograder.notebooks import released
from autograder.publish import feedback, formgrader
from autograder.sandbox.forkserver import Parent
from autograder.sandbox.sandbox import Sandbox
from autograder.submissions import companions, files
from autograder.submissions.locate import Submission

# By these nbgrader knows whether work is newer than its mark, and the exchange whose a feedback page is.
RECEIPTS = ("timestamp.txt", "submission_secret.txt")
USUAL_BYTES = 2**30  # what a submission's process may be expected to need


def grade_class(
    course: Course,
    assignment: Assignment,
    submitted: list[Submission],
    *,
    jobs: int,
    parent: Parent | None = None,
    cluster: str | None = None,
    unsafe: bool = False,
    on_verdict: Callable[[Verdict, bool], None] = lambda verdict, anew: None,
) -> list[Verdict]:
    """Grade submissions and write marks, feedback pages and results.

    A submission that this kit has judged before is not run again: its verdict is
    read back, so an interrupted run goes on where it stopped. Whoever grades the same
    assignment of the same course meanwhile waits, and finds everything done.

    Args:
        jobs: how many submissions run at the same time on this machine.
        parent: from which their processes are forked, where it has been started already; it is closed afterwards.
        cluster: the address of a Dask scheduler, for its workers to run them instead.
        unsafe: run them also where they cannot be isolated.
        on_verdict: called with each verdict as it comes, in any order, and whether it was given just now.

    Returns:
        The verdicts in the order of `submitted`, with what the gradebook adds to them.

    Raises:
        IsolationError: before anything is run.
        ClusterError: likewise, where the cluster cannot be used.
        NotAllGraded: after everything else is written.
    """
    with course.lock(assignment.name):
        errors = judge_class(
            course,
            assignment,
            submitted,
            jobs=jobs,
            parent=parent,
            cluster=cluster,
            unsafe=unsafe,
            on_verdict=on_verdict,
        )
        marked = {verdict.student: verdict for verdict in publish(course, assignment)}
        release = nbformat.read(course.released_notebook(assignment.name), as_version=4)
        for one in submitted:
            if verdict := marked.get(one.student):
                target = course.autograded(assignment.name, one.student)
                counts = Path(verdict.notebook)
                graded = formgrader.notebook(counts if files.leads_to_a_file(counts) else one.path, release, verdict)
                write_atomically(target, nbformat.writes(graded))
                for name, data in companions.read(counts, one.beside, assignment.name)[0]:
                    with suppress(OSError):  # an archive may hold a file and a folder of one name
                        replace_atomically(target.parent / name, data)
                _hand_on_receipts(one.place, target)
    if errors:
        causes = "; ".join(f"{student}: {type(error).__name__}: {error}" for student, error in errors.items())
        raise NotAllGraded(
            f"the grader failed on {len(errors)} of {len(submitted)} submissions: {causes}",
            [marked[one.student] for one in submitted if one.student not in errors],
        )
    return [marked[one.student] for one in submitted]


def judge_class(
    course: Course,
    assignment: Assignment,
    submitted: list[Submission],
    *,
    jobs: int,
    parent: Parent | None = None,
    cluster: str | None = None,
    unsafe: bool = False,
    on_verdict: Callable[[Verdict, bool], None] = lambda verdict, anew: None,
) -> dict[str, Exception]:
    """Have a verdict on each submission on disk: all of `grade_class` that takes time.

    Returns:
        What went wrong with the grader itself, by student.
    """
    settings.check(course.root, assignment)
    done = {one.student: on_disk.current(course, assignment.name, one) for one in submitted}
    for verdict in filter(None, done.values()):
        on_verdict(verdict, False)
    remaining = [one for one in submitted if done[one.student] is None]
    if not remaining:
        return {}
    judged = (
        on_cluster.judge_all(cluster, course, assignment, remaining, unsafe=unsafe)
        if cluster
        else _judge_all(course, assignment, remaining, jobs=jobs, parent=parent, unsafe=unsafe)
    )
    errors: dict[str, Exception] = {}
    with closing(judged):
        for submission, outcome in judged:
            if isinstance(outcome, Exception):
                errors[submission.student] = outcome
            else:
                on_verdict(on_disk.keep(course, assignment.name, submission, outcome), True)
    return errors


def publish(course: Course, assignment: Assignment) -> list[Verdict]:
    """Write everybody's feedback page and the results, with the marks as they stand in the gradebook now."""
    marked = enter_marks(course, assignment, on_disk.latest(course, assignment.name))
    for verdict in marked:
        page = course.feedback(assignment.name, verdict.student)
        write_atomically(page, feedback.page(assignment, verdict))
        _hand_on_receipts(verdict.place, page)
    results.write(course.results(assignment.name), assignment.name, marked)
    return marked


def enter_marks(course: Course, assignment: Assignment, kept: Mapping[str, Kept]) -> list[Verdict]:
    """Have the marks of verdicts in the gradebook, and these verdicts with what the gradebook adds to them."""
    from autograder.course import gradebook  # nbgrader takes its time to import

    before = on_disk.recorded(course, assignment.name)
    anew = {student for student, one in kept.items() if before.get(student) != one.marks}
    with course.lock("gradebook"):
        marked = gradebook.record(course, assignment, [one.verdict for one in kept.values()], anew=anew)
        on_disk.keep_recorded(course, assignment.name, {student: one.marks for student, one in kept.items()})
    return marked


def _hand_on_receipts(place: Path, target: Path) -> None:
    """Have beside `target` what nbgrader notes in a folder when work is handed in there.

    Where that folder is no longer there, what was handed on before stays.
    """
    for name in RECEIPTS:
        try:
            replace_atomically(target.with_name(name), files.content(place / name))
        except UnreadableNotebook:
            if os.path.lexists(place):
                target.with_name(name).unlink(missing_ok=True)


def _judge_all(
    course: Course,
    assignment: Assignment,
    submitted: list[Submission],
    *,
    jobs: int,
    parent: Parent | None,
    unsafe: bool,
) -> Generator[tuple[Submission, Verdict | Exception]]:
    """Run submissions on this machine; for each the verdict, or what went wrong with the grader itself."""
    release = released.read(nbformat.read(course.released_notebook(assignment.name), as_version=4))
    with ExitStack() as stack:
        sandbox = stack.enter_context(
            Sandbox(bundle=course.release(assignment.name), parent=parent, preload=assignment.libraries, unsafe=unsafe)
        )
        # The right values are computed, and what enters the marks is imported, while the first notebooks already run.
        meanwhile = stack.enter_context(ThreadPoolExecutor(1))
        truths = meanwhile.submit(prepare, assignment)
        meanwhile.submit(import_module, "autograder.course.gradebook")

        def grade_one(submission: Submission, *, alone: bool = False) -> Verdict | Exception | None:
            try:
                work = read(submission, release, assignment.name)
                attempted = run(submission, work, assignment, sandbox)
                if attempted.timed_out and not alone:
                    return None
                truths.result()
                return decide(attempted, work, assignment, sandbox)[0]
            except Exception as error:  # a fault of ours must not cost the rest of the class its marks
                return error

        def room(fresh: int) -> bool:
            return machine.available_memory() >= sandbox.limits.memory_bytes + fresh * USUAL_BYTES

        late = []
        for submission, outcome in in_parallel(grade_one, submitted, jobs=jobs, room=room):
            if outcome:
                yield submission, outcome
            else:
                late.append(submission)
        # Whoever ran out of time by the clock may have waited for the others.
        for submission in late:
            if outcome := grade_one(submission, alone=True):
                yield submission, outcome
    keep(assignment)
