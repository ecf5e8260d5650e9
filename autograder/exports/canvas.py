"""Marks for Canvas: its own gradebook export, with the columns of our assignments filled in."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder import results
from autograder.course import Course
from autograder.exercises import Assignment
from autograder.exports import marks
from autograder.exports.marks import ExportError
from autograder.results import Verdict

POINTS_POSSIBLE = "    Points Possible"
WITH_ID = re.compile(r"(?P<title>.*) \(\d+\)", re.DOTALL)
HOW_TO = "in Canvas: Grades, Export, Export Entire Gradebook"


@dataclass(frozen=True, kw_only=True)
class Roster:
    """A gradebook that Canvas exported: every cell as it was.

    Attributes:
        header: the titles of the columns.
        identity: how many columns, from the left, say who a student is.
        students: the rows of students, as long as the header.
        possible: the row of points possible; empty cells where there is none.
    """

    delimiter: str
    header: tuple[str, ...]
    identity: int
    students: tuple[tuple[str, ...], ...]
    possible: tuple[str, ...]

    def column(self, name: str) -> list[str]:
        """A column of the students, without spaces around and in small letters; empty cells where there is none."""
        if name not in self.header:
            return [""] * len(self.students)
        place = self.header.index(name)
        return [row[place].strip().casefold() for row in self.students]


@dataclass(frozen=True, kw_only=True)
class Merged:
    """The rows to import into Canvas, and what the instructor should know about them."""

    rows: tuple[tuple[str, ...], ...]
    warnings: tuple[str, ...]


def write(path: Path, course: Course, assignments: list[Assignment], roster_path: Path) -> list[str]:
    """Write a file that Canvas imports.

    Returns:
        What the instructor should know about it.

    Raises:
        ExportError: an assignment has not been graded, or the roster is not one of Canvas's.
    """
    classes = {assignment.name: marks.of(course, assignment.name) for assignment in assignments}
    roster = read(roster_path)
    merged = merge(roster, assignments, classes)
    text = io.StringIO()
    csv.writer(text, delimiter=roster.delimiter, lineterminator="\n").writerows(merged.rows)
    results.write_atomically(path, text.getvalue().removesuffix("\n"))
    return [*merged.warnings, *marks.waiting(classes)]


def read(path: Path) -> Roster:
    """Read a gradebook that Canvas exported, with commas or semicolons, with a byte order mark or without.

    Raises:
        ExportError: it is not there, or something else.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ExportError(f"the roster {path} cannot be read: {error}. Export it again, {HOW_TO}") from error
    delimiter = ";" if text.startswith("Student;") else ","
    header, *rows = [*csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)] or [[]]
    if header[:1] != ["Student"] or not {"ID", "Section"}.issubset(header):
        raise ExportError(f"{path} is no gradebook of Canvas: its columns should be Student,ID,… Export it, {HOW_TO}")
    padded = [tuple(row[: len(header)] + [""] * (len(header) - len(row))) for row in rows]
    possible = [row for row in padded if row[0].strip().startswith("Points Possible")]
    return Roster(
        delimiter=delimiter,
        header=tuple(header),
        identity=header.index("Section") + 1,
        # The rows above the students, for posting policies and points, have no ID.
        students=tuple(row for row in padded if row[header.index("ID")].strip()),
        possible=possible[0] if possible else ("",) * len(header),
    )


def merge(roster: Roster, assignments: list[Assignment], classes: Mapping[str, Mapping[str, Verdict]]) -> Merged:
    """The roster's students with their marks, and no other column: Canvas leaves alone what is not in the file.

    Where a student has handed in nothing, the cell stays as Canvas exported it.

    Raises:
        ExportError: two submissions belong to one student, or two columns to one assignment.
    """
    rows_of = {name: match(roster, sorted(verdicts)) for name, verdicts in classes.items()}
    columns = {assignment.name: _column(roster, assignment) for assignment in assignments}

    def cells(number: int, row: tuple[str, ...]) -> list[str]:
        earned = []
        for name, verdicts in classes.items():
            student, column = rows_of[name].get(number), columns[name]
            exported = "" if column is None else row[column]
            earned.append(exported if student is None else marks.number(marks.counted(verdicts[student])))
        return earned

    titles = [
        assignment.title if (column := columns[assignment.name]) is None else roster.header[column]
        for assignment in assignments
    ]
    header = (*roster.header[: roster.identity], *titles)
    points = (
        POINTS_POSSIBLE,
        *("" for _ in range(roster.identity - 1)),
        *(marks.number(assignment.points) for assignment in assignments),
    )
    students = [(*row[: roster.identity], *cells(number, row)) for number, row in enumerate(roster.students)]
    unmatched = {name: sorted(set(verdicts) - set(rows_of[name].values())) for name, verdicts in classes.items()}
    warnings = [f"{name}: not in the roster: {', '.join(students)}" for name, students in unmatched.items() if students]
    for assignment in assignments:
        warnings += _column_warnings(roster, assignment, columns[assignment.name])
    return Merged(rows=(header, points, *students), warnings=tuple(warnings))


def match(roster: Roster, students: list[str]) -> dict[int, str]:
    """The students by the number of their row in the roster; those who have none, or several, are left out.

    A student's name in the course is compared with the SIS Login ID, then the SIS User ID, then the ID, then what
    stands before the @ of the SIS Login ID; capital letters make no difference.

    Raises:
        ExportError: two submissions belong to one row.
    """
    logins = roster.column("SIS Login ID")
    ways = (
        logins,
        roster.column("SIS User ID"),
        roster.column("ID"),
        [login.partition("@")[0] for login in logins],
    )
    matched: dict[int, str] = {}
    for student in students:
        found = next((places for way in ways if (places := _places(student.casefold(), way))), [])
        if len(found) != 1:
            continue
        (row,) = found
        if row in matched:
            who = roster.students[row][0]
            raise ExportError(f"the submissions of {matched[row]} and {student} both belong to {who}: remove one")
        matched[row] = student
    return matched


def _places(name: str, column: list[str]) -> list[int]:
    return [number for number, cell in enumerate(column) if cell == name]


def _column(roster: Roster, assignment: Assignment) -> int | None:
    """The number of the assignment's column; None where Canvas has none yet."""
    names = {assignment.title.casefold(), assignment.name.casefold()}
    found = [
        number
        for number, title in enumerate(roster.header)
        if (parts := WITH_ID.fullmatch(title)) and parts["title"].strip().casefold() in names
    ]
    if len(found) > 1:
        twice = " and ".join(roster.header[number] for number in found)
        raise ExportError(f"two columns of the roster are for {assignment.name}: {twice}. Rename one in Canvas")
    return found[0] if found else None


def _column_warnings(roster: Roster, assignment: Assignment, column: int | None) -> list[str]:
    if column is None:
        return [
            f"{assignment.name}: no column of the roster is called {assignment.title!r} or {assignment.name!r}; "
            "Canvas will ask about a new one"
        ]
    possible = roster.possible[column].strip()
    if possible and _value(possible) != assignment.points:
        return [
            f"{assignment.name}: the column in Canvas has {possible} points, the assignment {assignment.points}; "
            "marks are not rescaled"
        ]
    return []


def _value(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
