"""The roster: `roster.csv` in the course folder, a row for each student.

The first column is the student's name in the course folder. The others identify the student in the systems that the
course uses. `autograder collect` fills in the table; people may correct it, and add columns of their own.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from autograder.course import tables
from autograder.errors import RosterError
from autograder.files import decoded
from autograder.submissions import names
from autograder.submissions.names import harmless, key, normal

NAME = "roster.csv"
DELIMITERS = ",;\t"
GONE = "no"


@dataclass(frozen=True, kw_only=True)
class Person:
    """A student. Unknown fields are empty.

    Attributes:
        student: the name in the course folder.
        login: the name with which the student logs in.
        number: the institution's number of the student.
        group: the group with which the student hands in work together.
        enrolled: "yes" or "no", according to the latest class list.
        canvas: the number of the student in Canvas.
        more: columns that people have added.
    """

    student: str = ""
    last_name: str = ""
    first_name: str = ""
    email: str = ""
    login: str = ""
    number: str = ""
    group: str = ""
    enrolled: str = ""
    canvas: str = ""
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """First and last name; if both are unknown, the name in the course folder."""
        return f"{self.first_name} {self.last_name}".strip() or self.student

    @property
    def gone(self) -> bool:
        """Whether a class list has shown that the student is no longer in the class."""
        return key(self.enrolled) == GONE


COLUMNS = tuple(column.name for column in fields(Person) if column.name != "more")

type Roster = dict[str, Person]
"""The people by their name in the course folder, in the order of the file."""


def read(root: Path) -> Roster:
    """Read the roster of the course in `root`; empty if there is none.

    Raises:
        RosterError: it cannot be read, or two rows have the same name.
    """
    path = root / NAME
    if not path.exists():
        return {}
    header, rows = table(path)
    if not header or header[0] != COLUMNS[0]:
        raise RosterError(f"{path}: the first column should be called {COLUMNS[0]!r}")
    people: Roster = {}
    for number, row in enumerate(rows, start=2):
        cells = {title: _plain(cell) for title, cell in zip(header, row, strict=True) if title}
        person = Person(
            **{title: cell for title, cell in cells.items() if title in COLUMNS},
            more={title: cell for title, cell in cells.items() if title not in COLUMNS},
        )
        if not person.student:
            raise RosterError(f"{path}, line {number}: the student has no name in the first column")
        if "/" in person.student or names.student(person.student) != person.student:
            raise RosterError(f"{path}, line {number}: no folder can be called {names.legible(person.student)!r}")
        if any(key(person.student) == key(other) for other in people):
            raise RosterError(f"{path}, line {number}: {person.student} appears twice")
        people[person.student] = person
    return people


def write(root: Path, people: Roster) -> None:
    """Replace the roster of the course in `root`."""
    more = [*dict.fromkeys(title for person in people.values() for title in person.more)]
    rows = [[*COLUMNS, *more]]
    for person in people.values():
        cells = [*(getattr(person, title) for title in COLUMNS), *(person.more.get(title, "") for title in more)]
        rows.append([*map(harmless, cells)])
    tables.write(root / NAME, rows, for_excel=True)


def table(path: Path) -> tuple[list[str], list[list[str]]]:
    """Read a CSV file as spreadsheets and systems write it: the header and the rows, in Unicode's normal form C.

    Commas, semicolons or tabs separate the cells; the encoding is UTF-8 or UTF-16. Rows are as long as the header;
    empty rows are left out.

    Raises:
        RosterError: it cannot be read.
    """
    try:
        text = normal(decoded(path.read_bytes()))
        first = text.partition("\n")[0]
        header, rows = tables.parse(text, delimiter=max(DELIMITERS, key=first.count))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise RosterError(f"{path} cannot be read as a table (CSV): {error}") from error
    return [title.strip() for title in header], [row for row in rows if any(cell.strip() for cell in row)]


def shown(people: Roster, students: Iterable[str]) -> dict[str, str]:
    """The names of students on pages: first and last name; if two are equal, with the name in the course folder."""
    called = {student: people[student].name if student in people else student for student in students}
    times = Counter(map(key, called.values()))
    return {
        student: name if times[key(name)] == 1 or name == student else f"{name} ({student})"
        for student, name in called.items()
    }


def filled(person: Person, news: Person) -> Person:
    """Add new details to a person. Known details stay, except the group and whether the person is enrolled."""
    known = {title: getattr(person, title) or getattr(news, title) for title in COLUMNS}
    latest = {title: getattr(news, title) or known[title] for title in ("group", "enrolled")}
    return replace(person, **known | latest)


def _plain(cell: str) -> str:
    """Remove the apostrophe that `harmless` puts before a formula."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and harmless(text[1:]) == text else text
