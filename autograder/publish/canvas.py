"""Marks for Canvas: the gradebook that Canvas exported, with the columns of the assignments filled in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.course import marks, tables
from autograder.course import roster as people
from autograder.course.folder import Course
from autograder.course.roster import Person
from autograder.errors import ExportError
from autograder.exercises import Assignment
from autograder.grading.results import Verdict
from autograder.submissions.names import key

POINTS_POSSIBLE = "    Points Possible"
WITH_ID = re.compile(r"(?P<title>.*) \(\d+\)", re.DOTALL)
EMPTY: Mapping[str, Person] = {}
HOW_TO = "in Canvas: Grades, Export, Export Entire Gradebook"


@dataclass(frozen=True, kw_only=True)
class Roster:
    """A gradebook that Canvas exported, with every cell as it was.

    Attributes:
        header: the titles of the columns.
        identity: how many columns, from the left, identify the student.
        students: the rows of students, as long as the header.
        possible: the row of possible points; empty cells if there is none.
    """

    delimiter: str
    header: tuple[str, ...]
    identity: int
    students: tuple[tuple[str, ...], ...]
    possible: tuple[str, ...]

    def column(self, name: str) -> list[str]:
        """The cells of a column, normalised for comparison; empty cells if there is no such column."""
        if name not in self.header:
            return [""] * len(self.students)
        place = self.header.index(name)
        return [key(row[place]) for row in self.students]


@dataclass(frozen=True, kw_only=True)
class Column:
    """The cells of an assignment, from top to bottom: title, points, marks; and warnings for the instructor."""

    cells: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Merged:
    """The rows to import into Canvas, and warnings for the instructor."""

    rows: tuple[tuple[str, ...], ...]
    warnings: tuple[str, ...]


def write(path: Path, course: Course, assignments: list[Assignment], roster_path: Path) -> list[str]:
    """Write a file for Canvas to import.

    Returns:
        Warnings for the instructor.

    Raises:
        ExportError: an assignment has not been graded, or the roster does not come from Canvas.
    """
    classes = {assignment.name: marks.of(course, assignment.name) for assignment in assignments}
    roster = read(roster_path)
    merged = merge(roster, assignments, classes, people.read(course.root))
    tables.write(path, merged.rows, delimiter=roster.delimiter)
    return [*merged.warnings, *marks.waiting(classes)]


def read(path: Path) -> Roster:
    """Read a gradebook that Canvas exported, with commas or semicolons, with or without a byte order mark.

    Raises:
        ExportError: the file does not exist, or is something else.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ExportError(f"the roster {path} cannot be read: {error}. Export it again, {HOW_TO}") from error
    delimiter = ";" if text.startswith("Student;") else ","
    header, rows = tables.parse(text, delimiter=delimiter)
    if header[:1] != ["Student"] or not {"ID", "Section"}.issubset(header):
        raise ExportError(
            f"{path} is not a gradebook of Canvas: the columns should be Student,ID,… Export it, {HOW_TO}"
        )
    possible = [row for row in rows if row[0].strip().startswith("Points Possible")]
    return Roster(
        delimiter=delimiter,
        header=tuple(header),
        identity=header.index("Section") + 1,
        # The rows above the students (posting policies, points) have no ID.
        students=tuple(tuple(row) for row in rows if row[header.index("ID")].strip()),
        possible=tuple(possible[0]) if possible else ("",) * len(header),
    )


def merge(
    roster: Roster,
    assignments: list[Assignment],
    classes: Mapping[str, Mapping[str, Verdict]],
    known: Mapping[str, Person] = EMPTY,
) -> Merged:
    """The students of the roster with their marks, and no other columns: Canvas keeps what the file leaves out.

    If a student handed in nothing, the cell stays as Canvas exported it.

    Args:
        known: the course's roster.

    Raises:
        ExportError: two submissions belong to one student, or two columns to one assignment.
    """
    columns = [_filled(roster, assignment, classes[assignment.name], known) for assignment in assignments]
    points = (POINTS_POSSIBLE, *[""] * (len(roster.header) - 1))
    rows = (roster.header, points, *roster.students)
    return Merged(
        rows=tuple(
            (*row[: roster.identity], *(column.cells[number] for column in columns)) for number, row in enumerate(rows)
        ),
        warnings=tuple(warning for column in columns for warning in column.warnings),
    )


def match(roster: Roster, students: list[str], known: Mapping[str, Person] = EMPTY) -> dict[int, str]:
    """Find the row of each student. Students with no matching row, or with several, are left out.

    The ID, the SIS Login ID and the SIS User ID of a student in `known` are tried first. Otherwise the student's name
    in the course is compared with the SIS Login ID, the SIS User ID, the ID, and the part of the SIS Login ID before
    the @. Case and Unicode form do not matter.

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
        found = _of_known(roster, known.get(student)) or next(
            (places for way in ways if (places := _places(key(student), way))), []
        )
        if len(found) != 1:
            continue
        (row,) = found
        if row in matched:
            who = roster.students[row][0]
            raise ExportError(f"the submissions of {matched[row]} and {student} both belong to {who}: remove one")
        matched[row] = student
    return matched


def _of_known(roster: Roster, person: Person | None) -> list[int]:
    """The rows of a person in the roster; empty if the person's numbers and login are not in Canvas's file."""
    if person is None:
        return []
    ways = {"ID": person.canvas, "SIS Login ID": person.login, "SIS User ID": person.number}
    return next(
        (places for title, cell in ways.items() if cell and (places := _places(key(cell), roster.column(title)))), []
    )


def _places(name: str, column: list[str]) -> list[int]:
    return [number for number, cell in enumerate(column) if cell == name]


def _place(roster: Roster, assignment: Assignment) -> int | None:
    """The number of the assignment's column; None if Canvas has none yet."""
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


def _filled(
    roster: Roster, assignment: Assignment, verdicts: Mapping[str, Verdict], known: Mapping[str, Person]
) -> Column:
    """The assignment's column, from the title to the last student."""
    place = _place(roster, assignment)
    rows = match(roster, sorted(verdicts), known)
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
    if possible and marks.parsed(possible) != assignment.points:
        return [
            f"{assignment.name}: the column in Canvas has {possible} points, the assignment {assignment.points}; "
            "marks are not rescaled"
        ]
    return []
