"""Marks as a spreadsheet: one row for each student, one column for each assignment and exercise."""

from collections.abc import Mapping
from pathlib import Path

from autograder.course import marks, tables
from autograder.course.folder import Course
from autograder.errors import ExportError
from autograder.exercises import Assignment
from autograder.grading.results import Verdict
from autograder.submissions.names import harmless


def write(path: Path, course: Course, assignments: list[Assignment]) -> list[str]:
    """Write the marks of some assignments.

    Returns:
        Warnings for the instructor.

    Raises:
        ExportError: one of the assignments has not been graded.
    """
    classes = {assignment.name: marks.of(course, assignment.name) for assignment in assignments}
    tables.write(path, table(assignments, classes), for_excel=True)
    return marks.waiting(classes)


def graded(course: Course, assignments: list[Assignment]) -> list[Assignment]:
    """The assignments that have been graded in a course.

    Raises:
        ExportError: none has been graded.
    """
    found = [assignment for assignment in assignments if course.results(assignment.name).exists()]
    if not found:
        raise ExportError(f"nothing has been graded in {course.root}: run `autograder grade` first, or name --course")
    return found


def table(assignments: list[Assignment], classes: Mapping[str, Mapping[str, Verdict]]) -> list[list[str]]:
    """A header with the points of each column, then one row for each student.

    A cell is empty if nothing was handed in, or if a written answer has no mark yet.
    """
    students = sorted({student for verdicts in classes.values() for student in verdicts})
    blocks = [_block(assignment, classes[assignment.name], students) for assignment in assignments]
    names = ["student", *map(harmless, students)]
    return [[name, *(cell for block in blocks for cell in block[number])] for number, name in enumerate(names)]


def _block(assignment: Assignment, verdicts: Mapping[str, Verdict], students: list[str]) -> list[list[str]]:
    """The columns of an assignment: the total, the late penalty if anybody has one, the exercises."""
    late = any(verdict.late_penalty for verdict in verdicts.values())
    titles = [
        f"{assignment.name} ({assignment.points})",
        *([f"{assignment.name} late penalty"] if late else []),
        *(f"{assignment.name} {exercise.name} ({exercise.points})" for exercise in assignment.exercises),
    ]

    def cells(verdict: Verdict | None) -> list[str]:
        if verdict is None:
            return [""] * len(titles)
        scores = {exercise.name: exercise.score for exercise in verdict.exercises}
        earned = [scores.get(exercise.name) for exercise in assignment.exercises]
        return [*map(marks.number, [verdict.final_score, *([verdict.late_penalty] if late else []), *earned])]

    return [titles, *(cells(verdicts.get(student)) for student in students)]
