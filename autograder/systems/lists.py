"""Class lists as the systems export them (CSV): who is who, and for some who has handed in.

The columns' titles tell the kind of list:

- Canvas: Grades, Export Entire Gradebook (`Student,ID,SIS User ID,SIS Login ID,Section,…`); People, Groups, Download
  Course Roster CSV (`name,canvas_user_id,user_id,login_id,sections,group_name,…`).
- Moodle: the assignment's grading worksheet (`Identifier,Full name,Email address,Status,Grade,…`, in
  mod/assign/gradingtable.php and mod/assign/feedback/offline); Participants, Download table data (`First name,Last
  name,…`).
- Blackboard: Work Offline, Download (`Last Name,First Name,Username,Student ID,…`).
- Brightspace: Grades, Export (`OrgDefinedId,Username,Last Name,First Name,…`; each value may have a `#` before it).
- Gradescope: Download Roster (`First Name,Last Name,SID,Email,Role`, or `Name,SID,Email,Role`).
- Google Classroom: Download these grades as CSV (`Last Name,First Name,Email Address,…`).
- A roster of another course folder (`student,…`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from autograder.course import roster
from autograder.course.roster import Person
from autograder.errors import RosterError
from autograder.submissions.names import key
from autograder.systems import moments
from autograder.systems.people import full_name


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A row of a class list.

    Attributes:
        number: the system's number of the student for one assignment (Moodle's participant).
        late: whether the row says that the submission was late; None if it does not say.
    """

    person: Person
    number: str = ""
    handed_in: datetime | None = None
    late: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Kind:
    """How to recognise and read a kind of list.

    Attributes:
        needs: titles of columns that the list must have, in lower case.
        fields: the field of a person that a column holds, by the column's title; "name" is the full name.
        groups: whether it lists groups: a student who is missing from it may still be in the class.
    """

    title: str
    needs: frozenset[str]
    fields: Mapping[str, str]
    groups: bool = False


KINDS = (
    Kind(
        title="a gradebook of Canvas",
        needs=frozenset({"student", "id", "section"}),
        fields={"student": "name", "id": "canvas", "sis user id": "number", "sis login id": "login"},
    ),
    Kind(
        title="the groups of a Canvas course",
        needs=frozenset({"name", "canvas_user_id", "group_name"}),
        fields={
            "name": "name",
            "canvas_user_id": "canvas",
            "user_id": "number",
            "login_id": "login",
            "group_name": "group",
        },
        groups=True,
    ),
    Kind(
        title="a grading worksheet of Moodle",
        needs=frozenset({"identifier", "grade"}),
        fields={"full name": "name", "id number": "number", "email address": "email", "username": "login"}
        | {"group": "group"},
    ),
    Kind(
        title="the grades of a Brightspace course",
        needs=frozenset({"orgdefinedid"}),
        fields={"orgdefinedid": "number", "username": "login", "last name": "last_name", "first name": "first_name"}
        | {"email": "email"},
    ),
    Kind(
        title="the grades of a Blackboard course",
        needs=frozenset({"last name", "first name", "username"}),
        fields={"last name": "last_name", "first name": "first_name", "username": "login", "student id": "number"},
    ),
    Kind(
        title="a roster of Gradescope",
        needs=frozenset({"sid", "email"}),
        fields={"first name": "first_name", "last name": "last_name", "name": "name", "sid": "number"}
        | {"email": "email"},
    ),
    Kind(
        title="the participants of a Moodle course",
        needs=frozenset({"first name", "last name", "email address"}),
        fields={"first name": "first_name", "last name": "last_name", "email address": "email", "id number": "number"}
        | {"groups": "group", "username": "login"},
    ),
    Kind(
        title="a roster of a course folder",
        needs=frozenset({"student", "last_name", "first_name"}),
        fields={title: title for title in roster.COLUMNS},
    ),
)
IDENTIFIER = re.compile(r"\D*(?P<number>\d+)")
LATE = re.compile(r"\blate\b", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class ClassList:
    """A list of a class, or of its groups."""

    kind: Kind
    rows: tuple[Listed, ...]


def read(path: Path, *, zone: str = "UTC") -> ClassList:
    """Read a class list.

    Raises:
        RosterError: the file is not a table, or of no known kind.
    """
    header, rows = roster.table(path)
    titles = [title.casefold() for title in header]
    kind = next((kind for kind in KINDS if kind.needs.issubset(titles)), None)
    if kind is None:
        known = ", ".join(kind.title for kind in KINDS)
        raise RosterError(f"{path} is not a known kind of class list ({known}). Its columns are {', '.join(header)}")
    cells = [dict(zip(titles, map(str.strip, row), strict=True)) for row in rows]
    listed = tuple(_listed(kind, row, zone) for row in cells if _is_student(row))
    return ClassList(kind=kind, rows=listed)


def _is_student(row: Mapping[str, str]) -> bool:
    """Tell whether a row is a student's, not a row of points or policies, a test student or a teacher."""
    if "section" in row:  # Canvas: rows above the students have no ID, and "Student, Test" is Canvas's own
        return bool(row.get("id")) and key(row["student"]) != "student, test"
    return key(row.get("role", "student")) in ("", "student")


def _listed(kind: Kind, row: Mapping[str, str], zone: str) -> Listed:
    said: dict[str, str] = {}
    for title, what in kind.fields.items():
        if cell := _plain(row.get(title, "")):
            said[what] = cell
    person = full_name(said.pop("name", ""))
    if not kind.groups:
        said = {"enrolled": "yes"} | said
    person = replace(person, **said)
    identifier = IDENTIFIER.fullmatch(row.get("identifier", ""))
    status = row.get("status", "") if identifier else ""
    return Listed(
        person=person,
        number=identifier["number"] if identifier else "",
        handed_in=moments.said(row.get("last modified (submission)", ""), zone) if identifier else None,
        late=(LATE.search(status) is not None) if status else None,
    )


def _plain(cell: str) -> str:
    """Strip the `#` that Brightspace puts before values; return "" for a dash, which stands for an empty cell."""
    return "" if cell == "-" else cell.removeprefix("#")
