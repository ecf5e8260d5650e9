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
        who: what is the same for all attempts of one student in this download, and for no other student.
        name: what the download calls the student, or the group.
        people: what the download says of the students; several for a group that it lists.
        mangled: the name has lost its spaces, its order and its capital letters (Canvas).
        anonymous: the name is no person's: the system hides who it is.
        number: the system's number of the student for this assignment, where it has one.
        order: text that is greater for a later attempt.
        handed_in: in UTC, without zone, as nbgrader keeps it; None where the download does not say.
        late: whether the system says that it was late; None where it says nothing.
        upload: the path of the feedback page in a zip that the system takes; empty where it takes none.
        problem: why there is nothing to take, where that is so.
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
        name: what is typed for it.
        title: what its download is called, for people.
        claims: whether a path in a download is one that the system makes.
        read: the hand-ins, of the paths that it claims.
        how: what to do with the zip of `autograder return`.
        takes: whether the system takes a zip of pages, under names that its own download has.
        member: the path of the page of a member of a group, by the member and the number; for systems that want one
            for each member.
    """

    name: str
    title: str
    claims: Callable[[str, Context], bool]
    read: Callable[[View, Context], list[HandIn]]
    how: str
    takes: bool = False
    member: Callable[[Person, str, Context], str] | None = None
