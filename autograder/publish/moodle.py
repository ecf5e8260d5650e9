"""Marks for Moodle: an assignment's grading worksheet, with the grades and the feedback comments filled in.

Moodle reads from it the columns Identifier, Grade, Last modified (grade) and Feedback comments; the identifier is the
participant's number in this one assignment, after a word such as `Participant`. A grade above the maximum is passed
over there, and a row whose grade has been changed since the download.

Source: moodle/moodle, `mod/assign/feedback/offline/importgradeslib.php` and `locallib.php`.
"""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.course import collected, marks, roster
from autograder.course.collected import Collected
from autograder.course.folder import Course
from autograder.course.roster import Person, Roster
from autograder.errors import ExportError
from autograder.exercises import Assignment
from autograder.files import write_atomically
from autograder.grading.results import Verdict
from autograder.submissions.names import key

IDENTIFIER, NAME, GRADE, COMMENT = "Identifier", "Full name", "Grade", "Feedback comments"
MAXIMUM, MODIFIED, NUMBER, EMAIL = "Maximum grade", "Last modified (grade)", "ID number", "Email address"
MADE = (IDENTIFIER, NAME, GRADE, MODIFIED, COMMENT)
PARTICIPANT = re.compile(r"\D*(\d+)")
HOW_TO = "in Moodle: the assignment, View all submissions, Download grading worksheet"


@dataclass(frozen=True, kw_only=True)
class Worksheet:
    """A grading worksheet: every cell as it was."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def place(self, title: str) -> int | None:
        """The number of a column; None where there is none."""
        titles = [one.strip().casefold() for one in self.header]
        return titles.index(title.casefold()) if title.casefold() in titles else None

    def cell(self, row: tuple[str, ...], title: str) -> str:
        place = self.place(title)
        return "" if place is None else row[place].strip()


def write(path: Path, course: Course, assignment: Assignment, worksheet: Path | None) -> list[str]:
    """Write a worksheet that Moodle imports.

    Args:
        worksheet: the one that Moodle exported; without it one is made of what was collected from Moodle.

    Returns:
        What the instructor should know about it.

    Raises:
        ExportError: the assignment has not been graded, or the worksheet is none, or nothing says who is who.
    """
    verdicts = marks.of(course, assignment.name)
    records = {
        student: one
        for student, one in collected.read(course.root, assignment.name).items()
        if one.system == "moodle" and one.number
    }
    people = roster.read(course.root)
    sheet = read(worksheet) if worksheet else made(records, people)
    rows, warnings = filled(sheet, assignment, verdicts, records, people)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([sheet.header, *rows])
    write_atomically(path, text.getvalue().removesuffix("\n"))
    return [*warnings, *marks.waiting({assignment.name: verdicts})]


def read(path: Path) -> Worksheet:
    """Read a worksheet that Moodle exported.

    Raises:
        ExportError: it is something else.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ExportError(f"the worksheet {path} cannot be read: {error}. Download it again, {HOW_TO}") from error
    header, *rows = [*csv.reader(io.StringIO(text, newline=""))] or [[]]
    size = len(header)
    sheet = Worksheet(
        header=tuple(header), rows=tuple(tuple(row[:size] + [""] * (size - len(row))) for row in rows if row)
    )
    missing = [title for title in (IDENTIFIER, GRADE) if sheet.place(title) is None]
    if missing:
        raise ExportError(
            f"{path} is no grading worksheet of Moodle in English: it has no column {' and no '.join(missing)}. "
            f"Download it, {HOW_TO}"
        )
    return sheet


def made(records: Mapping[str, Collected], people: Roster) -> Worksheet:
    """A worksheet of what was collected.

    Raises:
        ExportError: nothing was collected from Moodle.
    """
    if not records:
        raise ExportError(f"nothing was collected from Moodle: name the grading worksheet with --roster ({HOW_TO})")
    rows = [
        (f"Participant {one.number}", _name(people.get(student), student), "", "", "")
        for student, one in records.items()
    ]
    return Worksheet(header=MADE, rows=tuple(rows))


def filled(
    sheet: Worksheet,
    assignment: Assignment,
    verdicts: Mapping[str, Verdict],
    records: Mapping[str, Collected],
    people: Roster,
) -> tuple[list[tuple[str, ...]], list[str]]:
    """The rows with their marks, and what the instructor should know. Other cells stay as they are."""
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
    maxima = {value for row in sheet.rows if (value := _value(sheet.cell(row, MAXIMUM))) is not None}
    warnings = [f"{assignment.name}: not in the worksheet: {', '.join(missing)}"] if missing else []
    if maxima - {float(assignment.points)}:
        warnings.append(
            f"{assignment.name}: the maximum grade in Moodle is {marks.number(maxima.pop())}, the assignment has "
            f"{assignment.points} points; marks are not rescaled"
        )
    if comment is None:
        warnings.append(f"the worksheet has no column {COMMENT}: choose that feedback type in Moodle's settings")
    return rows, warnings


def match(
    sheet: Worksheet, records: Mapping[str, Collected], people: Roster, verdicts: Mapping[str, Verdict]
) -> dict[int, str]:
    """The students by the number of their row.

    By the participant's number under which the work was collected, else by address, ID number or name, where that is
    one student's only.

    Raises:
        ExportError: two rows, or two submissions, may be one student's.
    """
    numbers = {one.number: student for student, one in records.items()}
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
                    f"{wanted} is several rows of the worksheet, or several students: complete roster.csv"
                )
            if places:
                found[places[0]] = student
    return found


def _is_another(sheet: Worksheet, row: tuple[str, ...], person: Person) -> bool:
    """Whether a row says another address or another number than is known of somebody."""
    pairs = ((sheet.cell(row, EMAIL), person.email), (sheet.cell(row, NUMBER), person.number))
    return any(cell and known and key(cell) != key(known) for cell, known in pairs)


def told(verdict: Verdict) -> str:
    """A verdict in a line, and what people have written below it."""
    earned = [
        f"{one.name} {'to be marked' if one.score is None else marks.number(one.score)} of {one.max_score:g}"
        for one in verdict.exercises
    ]
    late = f", less {marks.number(verdict.late_penalty)} for being late" if verdict.late_penalty else ""
    comments = [f"{one.name}: {one.comment}" for one in verdict.exercises if one.comment]
    total = f"{marks.number(verdict.final_score)} of {verdict.max_score:g} points{late}: {', '.join(earned)}."
    return "\n".join([total, *comments])


def _name(person: Person | None, student: str) -> str:
    return person.name if person else student


def _value(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
