"""What readers of downloads return (hand-ins), and the record that describes a system."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from autograder.course.roster import Person
from autograder.systems.download import View


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A file of a hand-in: its path in the download, and the name that its author gave it."""

    entry: str
    name: str


@dataclass(frozen=True, kw_only=True)
class HandIn:
    """The files that one student or one group handed in at one time.

    Attributes:
        who: the key of the student in this download: the same for all attempts of a student, different for each
            student.
        name: the name of the student or the group in the download.
        people: the student's details in the download; several people for a group with listed members.
        mangled: whether the name is in Canvas's form, without spaces and capital letters.
        anonymous: whether the system hides the student's identity.
        number: the system's number of the student for this assignment; empty if it has none.
        order: text that is greater for a later attempt.
        handed_in: the time in UTC, without zone, as nbgrader stores it; None if the download does not say.
        late: whether the system marked it late; None if it does not say.
        upload: the path of the feedback page in the zip for the system; empty if the system takes none.
        problem: why there is no file; empty if there is one.
    """

    who: str
    name: str
    people: tuple[Person, ...]
    files: tuple[Taken, ...]
    mangled: bool = False
    anonymous: bool = False
    number: str = ""
    order: str = ""
    handed_in: datetime | None = None
    late: bool | None = None
    upload: str = ""
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a reader may need in addition to the download.

    Attributes:
        assignment: its name.
        page: the file name of a feedback page.
        zone: the time zone of times that name none.
        known: the students' Canvas numbers in the roster.
    """

    assignment: str
    page: str
    zone: str = "UTC"
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class System:
    """How to recognise and read a system's download, and what to do with the feedback pages.

    Attributes:
        name: its name on the command line.
        title: the name of the system and of its download.
        claims: tells whether a path in a download has a form that the system makes.
        read: returns the hand-ins in a download.
        how: what the instructor does with the zip of `autograder return`.
        takes: whether the system takes a zip of pages, named as in its own download.
        member: for systems that take a page for each member of a group: makes its path from the member and the number.
    """

    name: str
    title: str
    claims: Callable[[str, Context], bool]
    read: Callable[[View, Context], list[HandIn]]
    how: str
    takes: bool = False
    member: Callable[[Person, str, Context], str] | None = None
