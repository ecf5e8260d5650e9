"""Marks for Canvas: its own gradebook export, with the columns of our assignments filled in."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.course import marks
from autograder.course.folder import Course
from autograder.errors import ExportError
from autograder.exercises import Assignment
from autograder.files import write_atomically
from autograder.grading.results import Verdict
from autograder.submissions.names import key

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
        """A column of the students, as names are searched for; empty cells where there is none."""
        if name not in self.header:
            return [""] * len(self.students)
        place = self.header.index(name)
        return [key(row[place]) for row in self.students]


@dataclass(frozen=True, kw_only=True)
class Column:
    """An assignment's cells below each other, title and points first, and what the instructor should know about it."""

    cells: tuple[str, ...]
    warnings: tuple[str, ...]


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
    write_atomically(path, text.getvalue().removesuffix("\n"))
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
    columns = [_filled(roster, assignment, classes[assignment.name]) for assignment in assignments]
    points = (POINTS_POSSIBLE, *[""] * (len(roster.header) - 1))
    rows = (roster.header, points, *roster.students)
    return Merged(
        rows=tuple(
            (*row[: roster.identity], *(column.cells[number] for column in columns)) for number, row in enumerate(rows)
        ),
        warnings=tuple(warning for column in columns for warning in column.warnings),
    )


def match(roster: Roster, students: list[str]) -> dict[int, str]:
    """The students by the number of their row in the roster; those who have none, or several, are left out.

    A student's name in the course is compared with the SIS Login ID, then the SIS User ID, then the ID, then what
    stands before the @ of the SIS Login ID; neither capital letters nor the form of an accent make a difference.

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
        found = next((places for way in ways if (places := _places(key(student), way))), [])
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


def _place(roster: Roster, assignment: Assignment) -> int | None:
    """The number of the assignment's column; None where Canvas has none yet."""
    names = {key(assignment.title), key(assignment.name)}
    found = [
        number
        for number, title in enumerate(roster.header)
        if (parts := WITH_ID.fullmatch(title)) and key(parts["title"]) in names
    ]
    if len(found) > 1:
        twice = " and ".join(roster.header[number] for number in found)
        raise ExportError(f"two columns of the roster are for {assignment.name}: {twice}. Rename one in Canvas")
    return found[0] if found else None


def _filled(roster: Roster, assignment: Assignment, verdicts: Mapping[str, Verdict]) -> Column:
    """The assignment's column, from the title to the last student."""
    place = _place(roster, assignment)
    rows = match(roster, sorted(verdicts))
    exported = [""] * len(roster.students) if place is None else [row[place] for row in roster.students]
    earned = {number: marks.number(verdicts[student].final_score) for number, student in rows.items()}
    missing = sorted(set(verdicts) - set(rows.values()))
    return Column(
        cells=(
            assignment.title if place is None else roster.header[place],
            marks.number(assignment.points),
            *(earned.get(number, cell) for number, cell in enumerate(exported)),
        ),
        warnings=(
            *([f"{assignment.name}: not in the roster: {', '.join(missing)}"] if missing else []),
            *_doubts(roster, assignment, place),
        ),
    )


def _doubts(roster: Roster, assignment: Assignment, place: int | None) -> list[str]:
    if place is None:
        return [
            f"{assignment.name}: no column of the roster is called {assignment.title!r} or {assignment.name!r}; "
            "Canvas will ask about a new one"
        ]
    possible = roster.possible[place].strip()
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
