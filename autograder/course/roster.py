"""Who is who: `roster.csv` in the course folder, a row for each student.

The first column is the student's name in the course folder. The others say who that is in the systems that the course
uses. `autograder collect` fills the table in; people may correct it, and add columns of their own.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from autograder.errors import RosterError
from autograder.files import write_atomically
from autograder.submissions import names
from autograder.submissions.names import harmless, key, normal

NAME = "roster.csv"
BYTE_ORDER_MARK = "\ufeff"  # without it, Excel takes the file for an old encoding
DELIMITERS = ",;\t"
GONE = "no"


@dataclass(frozen=True, kw_only=True)
class Person:
    """A student. What is not known is empty.

    Attributes:
        student: the name in the course folder.
        login: the name with which the student logs in.
        number: the number that the institution has given.
        group: the group with which the student hands in work together.
        enrolled: "yes" or "no", as the latest list of a system says.
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
        """First and last name; the name in the course folder where neither is known."""
        return f"{self.first_name} {self.last_name}".strip() or self.student

    @property
    def gone(self) -> bool:
        """Whether a list of a system has said that the student is no longer in the class."""
        return key(self.enrolled) == GONE


COLUMNS = tuple(one.name for one in fields(Person) if one.name != "more")

type Roster = dict[str, Person]
"""The people by their name in the course folder, in the order of the file."""


def read(root: Path) -> Roster:
    """The roster of the course in `root`; empty where there is none.

    Raises:
        RosterError: it cannot be read, or two rows have one name.
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
            raise RosterError(f"{path}, line {number}: {person.student} is there twice")
        people[person.student] = person
    return people


def write(root: Path, people: Roster) -> None:
    """Replace the roster of the course in `root`."""
    more = [*dict.fromkeys(title for person in people.values() for title in person.more)]
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow([*COLUMNS, *more])
    for person in people.values():
        cells = [*(getattr(person, title) for title in COLUMNS), *(person.more.get(title, "") for title in more)]
        rows.writerow(map(harmless, cells))
    write_atomically(root / NAME, BYTE_ORDER_MARK + text.getvalue().removesuffix("\n"))


def table(path: Path) -> tuple[list[str], list[list[str]]]:
    """The header and the rows of a CSV file as spreadsheets and systems write them, in Unicode's normal form C.

    With commas, semicolons or tabs, in UTF-8 or UTF-16. Rows are as long as the header; empty ones are left out.

    Raises:
        RosterError: it cannot be read.
    """
    try:
        data = path.read_bytes()
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RosterError(f"{path} cannot be read as a table (CSV): {error}") from error
    first = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    try:
        lines = [*csv.reader(io.StringIO(normal(text), newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise RosterError(f"{path} cannot be read as a table (CSV): {error}") from error
    header, *rows = lines or [[]]
    header = [title.strip() for title in header]
    size = len(header)
    return header, [[*row[:size], *[""] * (size - len(row))] for row in rows if any(cell.strip() for cell in row)]


def shown(people: Roster, students: Iterable[str]) -> dict[str, str]:
    """What to call students on a page: by first and last name, and by the other name too where two are called alike."""
    called = {student: people[student].name if student in people else student for student in students}
    times = Counter(map(key, called.values()))
    return {
        student: name if times[key(name)] == 1 or name == student else f"{name} ({student})"
        for student, name in called.items()
    }


def filled(person: Person, news: Person) -> Person:
    """A person with what is newly known: what is there already stays, but for the group and whether enrolled."""
    known = {title: getattr(person, title) or getattr(news, title) for title in COLUMNS}
    latest = {title: getattr(news, title) or known[title] for title in ("group", "enrolled")}
    return replace(person, **known | latest)


def _plain(cell: str) -> str:
    """A cell without the apostrophe that `harmless` puts before a formula."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and harmless(text[1:]) == text else text
