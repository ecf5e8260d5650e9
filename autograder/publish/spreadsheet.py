"""Marks for a spreadsheet: one row a student, a column for each assignment and each of its exercises."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from autograder.course import marks
from autograder.course.folder import Course
from autograder.errors import ExportError
from autograder.exercises import Assignment
from autograder.files import write_atomically
from autograder.grading.results import Verdict

BYTE_ORDER_MARK = "\ufeff"
# What begins with one of these is a formula to a spreadsheet, and may start programs or send data.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(path: Path, course: Course, assignments: list[Assignment]) -> list[str]:
    """Write the marks of these assignments.

    Returns:
        What the instructor should know about them.

    Raises:
        ExportError: one of them has not been graded.
    """
    classes = {assignment.name: marks.of(course, assignment.name) for assignment in assignments}
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table(assignments, classes))
    # Without the mark, Excel takes the file for an old encoding and spoils every accent.
    write_atomically(path, BYTE_ORDER_MARK + text.getvalue().removesuffix("\n"))
    return marks.waiting(classes)


def graded(course: Course, assignments: list[Assignment]) -> list[Assignment]:
    """Those of the assignments that have been graded in a course.

    Raises:
        ExportError: none has.
    """
    found = [assignment for assignment in assignments if course.results(assignment.name).exists()]
    if not found:
        raise ExportError(f"nothing has been graded in {course.root}: run `autograder grade` first, or name --course")
    return found


def table(assignments: list[Assignment], classes: Mapping[str, Mapping[str, Verdict]]) -> list[list[str]]:
    """A header that names each column with its points, then one row a student.

    A cell is empty where nothing was handed in, or where a written answer waits for its mark.
    """
    students = sorted({student for verdicts in classes.values() for student in verdicts})
    blocks = [_block(assignment, classes[assignment.name], students) for assignment in assignments]
    names = ["student", *map(harmless, students)]
    return [[name, *(cell for block in blocks for cell in block[number])] for number, name in enumerate(names)]


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe marks it as text."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _block(assignment: Assignment, verdicts: Mapping[str, Verdict], students: list[str]) -> list[list[str]]:
    """An assignment's columns: the total, the penalty for being late where anybody has one, the exercises."""
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
