"""Grade a whole class: in parallel and resumable. Each verdict is stored as soon as it is known."""

import logging
import os
from collections.abc import Callable, Collection, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import nbformat

from autograder.commands.runner import Runner
from autograder.course import collected, roster, settings
from autograder.course import verdicts as on_disk
from autograder.course.folder import Course
from autograder.course.verdicts import StoredVerdict
from autograder.errors import NotAllGraded, UnreadableNotebook
from autograder.exercises import Assignment
from autograder.files import replace_atomically, write_atomically
from autograder.grading import results
from autograder.grading.results import Verdict
from autograder.publish import feedback, formgrader
from autograder.submissions import companions, files
from autograder.submissions.locate import Submission

logger = logging.getLogger(__name__)

# nbgrader detects resubmissions by the first, and its exchange matches feedback to a submission by the second.
RECEIPTS = ("timestamp.txt", "submission_secret.txt")


def grade_class(
    course: Course,
    assignment: Assignment,
    submitted: list[Submission],
    runner: Runner,
    *,
    on_verdict: Callable[[Verdict, bool], None] = lambda verdict, anew: None,
) -> list[Verdict]:
    """Grade submissions and write marks, feedback pages and results.

    A submission that this kit has judged before is not run again: its stored verdict is used. So an interrupted run
    continues where it stopped. If another process grades the same assignment of the same course, this one waits, and
    then finds everything done.

    Args:
        runner: runs and judges the submissions.
        on_verdict: called with each verdict as it arrives, in any order, and with whether it is new.

    Returns:
        The verdicts in the order of `submitted`, with the gradebook's marks.

    Raises:
        IsolationError: student code cannot be isolated; raised before anything runs.
        ClusterError: the cluster cannot be used; raised before anything runs.
        NotAllGraded: the grader failed on some submissions; raised after everything else is written.
    """
    with course.lock(assignment.name):
        errors = judge_class(course, assignment, submitted, runner, on_verdict=on_verdict)
        marked = {verdict.student: verdict for verdict in publish(course, assignment)}
        release = nbformat.read(course.released_notebook(assignment.name), as_version=4)
        for submission in submitted:
            if verdict := marked.get(submission.student):
                target = course.autograded(assignment.name, submission.student)
                counts = Path(verdict.notebook)
                graded = formgrader.notebook(
                    counts if files.leads_to_a_file(counts) else submission.path, release, verdict
                )
                write_atomically(target, nbformat.writes(graded))
                for name, data in companions.read(counts, submission.beside, assignment.name)[0]:
                    with suppress(OSError):  # an archive may hold a file and a folder with the same name
                        replace_atomically(target.parent / name, data)
                _hand_on_receipts(submission.place, target)
    if errors:
        causes = "; ".join(f"{student}: {type(error).__name__}: {error}" for student, error in errors.items())
        raise NotAllGraded(
            f"the grader failed on {len(errors)} of {len(submitted)} submissions: {causes}",
            [marked[submission.student] for submission in submitted if submission.student not in errors],
        )
    return [marked[submission.student] for submission in submitted]


def judge_class(
    course: Course,
    assignment: Assignment,
    submitted: list[Submission],
    runner: Runner,
    *,
    on_verdict: Callable[[Verdict, bool], None] = lambda verdict, anew: None,
) -> dict[str, Exception]:
    """Store a verdict on each submission: the part of `grade_class` that takes time.

    Returns:
        The errors that the grader itself raised, by student.
    """
    settings.check(course.root, assignment)
    done = {submission.student: on_disk.current(course, assignment.name, submission) for submission in submitted}
    for verdict in filter(None, done.values()):
        on_verdict(verdict, False)
    remaining = [submission for submission in submitted if done[submission.student] is None]
    if not remaining:
        return {}
    errors: dict[str, Exception] = {}
    with closing(runner.judge_all(course, assignment, remaining)) as judged:
        for submission, outcome in judged:
            if isinstance(outcome, Exception):
                errors[submission.student] = outcome
            else:
                on_verdict(on_disk.keep(course, assignment.name, submission, outcome), True)
    return errors


def publish(course: Course, assignment: Assignment) -> list[Verdict]:
    """Write all feedback pages and the results, with the current marks of the gradebook."""
    marked = enter_marks(course, assignment, on_disk.latest(course, assignment.name))
    called = _called(course, assignment, [verdict.student for verdict in marked])
    for verdict in marked:
        page = course.feedback(assignment.name, verdict.student)
        write_atomically(page, feedback.page(assignment, replace(verdict, student=called[verdict.student])))
        _hand_on_receipts(verdict.place, page)
    results.write(course.results(assignment.name), assignment.name, marked)
    return marked


def _called(course: Course, assignment: Assignment, students: Collection[str]) -> dict[str, str]:
    """The names of students on pages: as in the roster; for a member of a group, the names of all members."""
    records = collected.read(course.root, assignment.name)
    members = {student: records[student].group or (student,) for student in students if student in records}
    everybody = {*students, *(member for group in members.values() for member in group)}
    shown = roster.shown(roster.read(course.root), everybody)
    return {student: ", ".join(shown[member] for member in members.get(student, (student,))) for student in students}


def enter_marks(course: Course, assignment: Assignment, stored: Mapping[str, StoredVerdict]) -> list[Verdict]:
    """Write the marks of verdicts to the gradebook; return the verdicts with the gradebook's marks."""
    from autograder.course import gradebook  # importing nbgrader takes time

    before = on_disk.recorded(course, assignment.name)
    anew = {student for student, kept in stored.items() if before.get(student) != kept.marks_key}
    with course.lock("gradebook"):
        marked = gradebook.record(course, assignment, [kept.verdict for kept in stored.values()], anew=anew)
        on_disk.keep_recorded(course, assignment.name, {student: kept.marks_key for student, kept in stored.items()})
    return marked


def _hand_on_receipts(place: Path, target: Path) -> None:
    """Copy nbgrader's receipt files from the submission's folder `place` to the folder of `target`.

    If `place` no longer exists, earlier copies stay.
    """
    for name in RECEIPTS:
        try:
            replace_atomically(target.with_name(name), files.content(place / name))
        except UnreadableNotebook:
            if os.path.lexists(place):
                target.with_name(name).unlink(missing_ok=True)
