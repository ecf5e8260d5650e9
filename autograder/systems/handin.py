"""What the readers of downloads give: a hand-in, and a record of each system."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from autograder.course.roster import Person
from autograder.systems.download import View


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A file of a hand-in: where it lies in the download, and what its author called it."""

    entry: str
    name: str


@dataclass(frozen=True, kw_only=True)
class HandIn:
    """What one student, or one group, handed in at one time.

    Attributes:
        who: the key of the student in this download: the same for all attempts, another for each other student.
        name: what the download calls the student, or the group.
        people: what the download says of the student; several people for a group whose members it lists.
        mangled: the name is in the form of Canvas, without spaces and capital letters.
        anonymous: the system hides who it is.
        number: the system's number of the student for this assignment; empty if it has none.
        order: text that is greater for a later attempt.
        handed_in: in UTC, without zone, as nbgrader keeps it; None if the download does not say.
        late: whether the system says that it was late; None if it says nothing.
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
    """What a reader may need beside the download.

    Attributes:
        assignment: its name.
        page: the file name of a feedback page.
        zone: the time zone of times that name none.
        known: the students' numbers in Canvas that the roster has.
    """

    assignment: str
    page: str
    zone: str = "UTC"
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class System:
    """How to recognise and to read a system's download, and what to do with the pages.

    Attributes:
        name: its name on the command line.
        title: what its download is called there.
        claims: whether a path in a download has a form that the system makes.
        read: the hand-ins in a download.
        how: what to do with the zip of `autograder return`.
        takes: whether the system takes a zip of pages, under names of its own download.
        member: for systems that want a page for each member of a group: its path, by the member and the number.
    """

    name: str
    title: str
    claims: Callable[[str, Context], bool]
    read: Callable[[View, Context], list[HandIn]]
    how: str
    takes: bool = False
    member: Callable[[Person, str, Context], str] | None = None
