"""Verdicts and course folders for the tests of exports."""

from pathlib import Path

from autograder.course.folder import Course
from autograder.grading import results
from autograder.grading.results import ExerciseResult, Verdict


def verdict(student: str, double: float, essay: float | None = None) -> Verdict:
    """A verdict on the toy assignment."""
    return Verdict(
        student=student,
        notebook=f"submitted/{student}/toy/toy.ipynb",
        status="graded",
        seconds=1,
        exercises=(
            ExerciseResult(name="double", score=double, max_score=5),
            ExerciseResult(name="essay", score=essay, max_score=4, kind="manual"),
        ),
    )


def by_student(*verdicts: Verdict) -> dict[str, Verdict]:
    return {verdict.student: verdict for verdict in verdicts}


def graded(folder: Path, assignment: str, *verdicts: Verdict) -> Course:
    """A course in which this assignment has been graded."""
    course = Course(folder)
    results.write(course.results(assignment), assignment, [*verdicts])
    return course
