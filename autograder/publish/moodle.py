"""Marks for Moodle: an assignment's grading worksheet, with the grades and the feedback comments filled in.

Moodle imports the columns Identifier, Grade, Last modified (grade) and Feedback comments. The identifier is a word such
as `Participant` and the participant's number in this assignment only. Moodle skips a grade above the maximum, and a row
whose grade changed after the download.

Source: moodle/moodle, `mod/assign/feedback/offline/importgradeslib.php` and `locallib.php`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.course import collected, marks, roster, tables
from autograder.course.collected import Collected
from autograder.course.folder import Course
from autograder.course.roster import Person, Roster
from autograder.errors import ExportError
from autograder.exercises import Assignment
from autograder.grading.results import Verdict
from autograder.submissions.names import key

IDENTIFIER, NAME, GRADE, COMMENT = "Identifier", "Full name", "Grade", "Feedback comments"
MAXIMUM, MODIFIED, NUMBER, EMAIL = "Maximum grade", "Last modified (grade)", "ID number", "Email address"
MADE = (IDENTIFIER, NAME, GRADE, MODIFIED, COMMENT)
PARTICIPANT = re.compile(r"\D*(\d+)")
HOW_TO = "in Moodle: the assignment, View all submissions, Download grading worksheet"


@dataclass(frozen=True, kw_only=True)
class Worksheet:
    """A grading worksheet, with every cell as it was."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def place(self, title: str) -> int | None:
        """The number of a column; None if the worksheet has no such column."""
        titles = [title.strip().casefold() for title in self.header]
        return titles.index(title.casefold()) if title.casefold() in titles else None

    def cell(self, row: tuple[str, ...], title: str) -> str:
        place = self.place(title)
        return "" if place is None else row[place].strip()


def write(path: Path, course: Course, assignment: Assignment, worksheet: Path | None) -> list[str]:
    """Write a worksheet that Moodle imports.

    Args:
        worksheet: the worksheet that Moodle exported; None to make one from the work that was collected from Moodle.

    Returns:
        Warnings for the instructor.

    Raises:
        ExportError: the assignment has not been graded, the file is not a worksheet, or nothing was collected from
            Moodle.
    """
    verdicts = marks.of(course, assignment.name)
    records = {
        student: record
        for student, record in collected.read(course.root, assignment.name).items()
        if record.system == "moodle" and record.number
    }
    people = roster.read(course.root)
    sheet = read(worksheet) if worksheet else made(records, people)
    rows, warnings = filled(sheet, assignment, verdicts, records, people)
    tables.write(path, [sheet.header, *rows])
    return [*warnings, *marks.waiting({assignment.name: verdicts})]


def read(path: Path) -> Worksheet:
    """Read a worksheet that Moodle exported.

    Raises:
        ExportError: the file does not exist, or is something else.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ExportError(f"the worksheet {path} cannot be read: {error}. Download it again, {HOW_TO}") from error
    header, rows = tables.parse(text)
    sheet = Worksheet(header=tuple(header), rows=tuple(map(tuple, rows)))
    missing = [title for title in (IDENTIFIER, GRADE) if sheet.place(title) is None]
    if missing:
        raise ExportError(
            f"{path} is not a grading worksheet of Moodle in English: it has no column {' and no '.join(missing)}. "
            f"Download it, {HOW_TO}"
        )
    return sheet


def made(records: Mapping[str, Collected], people: Roster) -> Worksheet:
    """Make a worksheet from the work that was collected.

    Raises:
        ExportError: nothing was collected from Moodle.
    """
    if not records:
        raise ExportError(f"nothing was collected from Moodle: give the worksheet with --roster ({HOW_TO})")
    rows = [
        (f"Participant {record.number}", _name(people.get(student), student), "", "", "")
        for student, record in records.items()
    ]
    return Worksheet(header=MADE, rows=tuple(rows))


def filled(
    sheet: Worksheet,
    assignment: Assignment,
    verdicts: Mapping[str, Verdict],
    records: Mapping[str, Collected],
    people: Roster,
) -> tuple[list[tuple[str, ...]], list[str]]:
    """Fill the marks into the rows; return the rows and warnings for the instructor. Other cells stay as they are."""
    rows, of_row = [], match(sheet, records, people, verdicts)
    grade, comment = sheet.place(GRADE), sheet.place(COMMENT)
    for number, row in enumerate(sheet.rows):
        cells = [*row]
        if (student := of_row.get(number)) and grade is not None:
            cells[grade] = marks.number(verdicts[student].final_score)
            if comment is not None:
                cells[comment] = told(verdicts[student])
        rows.append(tuple(cells))
    missing = sorted(set(verdicts) - set(of_row.values()))
    maxima = {value for row in sheet.rows if (value := marks.parsed(sheet.cell(row, MAXIMUM))) is not None}
    warnings = [f"{assignment.name}: not in the worksheet: {', '.join(missing)}"] if missing else []
    if maxima - {float(assignment.points)}:
        warnings.append(
            f"{assignment.name}: the maximum grade in Moodle is {marks.number(maxima.pop())}, the assignment has "
            f"{assignment.points} points; marks are not rescaled"
        )
    if comment is None:
        warnings.append(
            f"the worksheet has no column {COMMENT}: select that feedback type in the assignment's settings in Moodle"
        )
    return rows, warnings


def match(
    sheet: Worksheet, records: Mapping[str, Collected], people: Roster, verdicts: Mapping[str, Verdict]
) -> dict[int, str]:
    """Find the student of each row; return the students by the number of their row.

    A row is matched by the participant's number in the collected work, else by address, ID number or name, if only one
    student has it.

    Raises:
        ExportError: several rows or several students match.
    """
    numbers = {record.number: student for student, record in records.items()}
    found: dict[int, str] = {}
    for place, row in enumerate(sheet.rows):
        identifier = PARTICIPANT.fullmatch(sheet.cell(row, IDENTIFIER))
        student = numbers.get(identifier[1]) if identifier else None
        if student in verdicts and student is not None:
            found[place] = student
    for title, of in ((EMAIL, "email"), (NUMBER, "number"), (NAME, "name")):
        left = {*verdicts} - {*found.values()} - {*numbers.values()}
        known = {student: key(getattr(people[student], of)) for student in left if student in people}
        cells = {place: key(sheet.cell(row, title)) for place, row in enumerate(sheet.rows) if place not in found}
        for student, wanted in known.items():
            places = [
                place
                for place, cell in cells.items()
                if wanted and cell == wanted and not _is_another(sheet, sheet.rows[place], people[student])
            ]
            if len(places) > 1 or (places and list(known.values()).count(wanted) > 1):
                raise ExportError(
                    f"{wanted} matches several rows of the worksheet, or several students: complete roster.csv"
                )
            if places:
                found[places[0]] = student
    return found


def _is_another(sheet: Worksheet, row: tuple[str, ...], person: Person) -> bool:
    """Tell whether a row has a different address or number than the person."""
    pairs = ((sheet.cell(row, EMAIL), person.email), (sheet.cell(row, NUMBER), person.number))
    return any(cell and known and key(cell) != key(known) for cell, known in pairs)


def told(verdict: Verdict) -> str:
    """Describe a verdict in one line, followed by the comments that people entered."""
    earned = [
        f"{result.name} {marks.number(result.score) or 'to be marked'} of {result.max_score:g}"
        for result in verdict.exercises
    ]
    late = f", less {marks.number(verdict.late_penalty)} for being late" if verdict.late_penalty else ""
    comments = [f"{result.name}: {result.comment}" for result in verdict.exercises if result.comment]
    total = f"{marks.number(verdict.final_score)} of {verdict.max_score:g} points{late}: {', '.join(earned)}."
    return "\n".join([total, *comments])


def _name(person: Person | None, student: str) -> str:
    return person.name if person else student
