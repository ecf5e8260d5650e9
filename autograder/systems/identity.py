"""Who has handed something in: what a download says of a student, found in the roster."""

from collections import Counter
from dataclasses import dataclass, replace

from autograder.course import roster
from autograder.course.roster import GONE, Person, Roster
from autograder.errors import IdentityError
from autograder.submissions import names
from autograder.submissions.names import key
from autograder.systems.canvas import mangled
from autograder.systems.handin import HandIn
from autograder.systems.lists import ClassList
from autograder.systems.people import same_name

# What says who somebody is, from what says it best.
IDS = ("canvas", "login", "number", "email")


@dataclass(frozen=True, kw_only=True)
class Found:
    """Who has handed something in.

    Attributes:
        students: their names in the course folder: several for a group.
        group: whether they are one.
        doubt: what the instructor should look at.
    """

    students: tuple[str, ...]
    group: bool = False
    doubt: str = ""


def merged(people: Roster, listed: ClassList) -> Roster:
    """The roster with what a list of the class says; who is not on it any more is marked so.

    Raises:
        IdentityError: a row of the list is that of two people in the roster.
    """
    people = dict(people)
    present = set()
    called = Counter(_called(row.person) for row in listed.rows)
    for row in listed.rows:
        person = row.person
        if not any(getattr(person, title) for title in (*IDS, "last_name", "student")):
            continue  # an anonymous worksheet
        same = by_ids(people, person) or by_name(people, person)
        if len(same) > 1:
            raise IdentityError(
                f"{person.name} on the list is {' and '.join(same)} in {roster.NAME}: correct or remove one of the rows"
            )
        if (times := called[_called(person)]) > 1 and not by_ids(people, person):
            if not any(getattr(person, title) for title in IDS):
                continue  # nothing tells them apart
            if same:
                raise IdentityError(
                    f"{times} on the list are called {person.name}: say in {roster.NAME} which of them {same[0]} is, "
                    "by a number, a login or an address"
                )
        student = same[0] if same else new_name(people, person)
        people[student] = replace(roster.filled(people.get(student, Person()), person), student=student)
        present.add(student)
    if listed.kind.groups or not present:
        return people
    return {
        student: person if student in present else replace(person, enrolled=GONE) for student, person in people.items()
    }


def by_ids(people: Roster, person: Person) -> list[str]:
    """The students who have a number, login or address in common with somebody. A login may be an address."""
    for title in IDS:
        if wanted := key(getattr(person, title)):
            titles = ("login", "email") if title in ("login", "email") else (title,)
            same = [
                student for student, one in people.items() if any(key(getattr(one, name)) == wanted for name in titles)
            ]
            if same:
                return same
    return [student for student in people if person.student and key(student) == key(person.student)]


def by_name(people: Roster, person: Person) -> list[str]:
    """The students who have the name, unless one of their numbers says that it is somebody else."""
    wanted = _called(person)
    if not wanted:
        return []
    return [student for student, one in people.items() if _called(one) == wanted and not _differ(one, person)]


def _called(person: Person) -> str:
    return same_name(f"{person.first_name} {person.last_name}")


def _differ(one: Person, other: Person) -> bool:
    pairs = ((key(getattr(one, title)), key(getattr(other, title))) for title in IDS)
    return any(left and right and left != right for left, right in pairs)


def find(people: Roster, hand_in: HandIn, numbers: dict[str, str]) -> Found:
    """Who has handed something in; nobody where the roster does not say.

    Args:
        numbers: students by the system's number for this assignment, where a list says it.
    """
    if len(hand_in.people) > 1:
        members = [by_ids(people, one) or by_name(people, one) for one in hand_in.people]
        students = tuple(one[0] for one in members if len(one) == 1)
        return Found(students=students if len(students) == len(members) else (), group=True)
    if hand_in.anonymous:
        known = numbers.get(hand_in.number)
        return Found(students=(known,) if known else ())
    group = _group(people, hand_in, numbers)
    if group:
        return group
    if known := numbers.get(hand_in.number):
        return Found(students=(known,))
    (person,) = hand_in.people or (Person(),)
    found = by_ids(people, person) or by_name(people, person) or _behind_a_group(people, hand_in)
    if not found and hand_in.mangled:
        found = [student for student, one in people.items() if hand_in.name in _forms(one) and not _differ(one, person)]
    if len(found) > 1:
        return Found(students=(), doubt=f"{hand_in.name} may be {' or '.join(found)}")
    doubt = ""
    if found and hand_in.mangled and hand_in.name not in _forms(people[found[0]]) and people[found[0]].last_name:
        doubt = f"the download says {hand_in.name}: if that is a group, name a list of the groups with --roster"
    return Found(students=tuple(found), doubt=doubt)


def _group(people: Roster, hand_in: HandIn, numbers: dict[str, str]) -> Found | None:
    """The members of the group whose name the download has; none where that is also a student's."""
    if hand_in.mangled:
        members = [one for one in people.values() if hand_in.name in map(mangled, _groups(one))]
        known = by_ids(people, hand_in.people[0])
        # It is the group's if the one whose number stands there is a member.
        if not members or (known and known[0] not in {one.student for one in members}):
            return None
    else:
        wanted = _spaced(hand_in.name)
        members = [one for one in people.values() if wanted in map(_spaced, _groups(one))]
        if not members or by_name(people, hand_in.people[0]):
            return None
    present = [one.student for one in members if not one.gone] or [one.student for one in members]
    return Found(students=tuple(sorted(present)), group=len(present) > 1)


def _behind_a_group(people: Roster, hand_in: HandIn) -> list[str]:
    """Whose `Group A-Ada Lovelace` is, as Moodle wrote it before 4.1."""
    wanted = same_name(hand_in.name)
    return [
        student
        for student, one in people.items()
        if one.last_name and wanted in {same_name(f"{group}-{one.name}") for group in _groups(one)}
    ]


def _groups(person: Person) -> list[str]:
    """The groups of a student. Lists name several with commas between them."""
    return [*filter(None, {person.group, *map(str.strip, person.group.split(","))})]


def _spaced(name: str) -> str:
    """A group's name as Moodle writes it in names of files."""
    return same_name(name.replace("_", " "))


def _forms(person: Person) -> set[str]:
    """What Canvas makes of a name."""
    return {mangled(f"{person.last_name}{person.first_name}"), mangled(f"{person.first_name}{person.last_name}")} - {""}


def new_name(people: Roster, person: Person, called: str = "") -> str:
    """A name in the course folder for somebody new: the login, the address or the name, if nobody has it."""
    wished = person.student or person.login.partition("@")[0] or person.email.partition("@")[0]
    wished = wished or person.name or called or person.canvas
    name = names.student(wished.replace("/", "-"))
    taken = {key(student) for student in people}
    if key(name) not in taken:
        return name
    # Of two who are called alike, the second has a number behind the name.
    more = next(filter(None, (person.number, person.canvas)), "")
    candidates = ([f"{name} {more}"] if more else []) + [f"{name} {number}" for number in range(2, len(taken) + 3)]
    return next(one for one in map(names.student, candidates) if key(one) not in taken)
