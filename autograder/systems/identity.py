"""Find the students of a hand-in in the roster, by the details in the download."""

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

# The fields that identify a person, the most reliable first.
IDS = ("canvas", "login", "number", "email")


@dataclass(frozen=True, kw_only=True)
class Found:
    """The students of a hand-in.

    Attributes:
        students: their names in the course folder; several for a group, none if unknown.
        group: whether they are a group.
        doubt: what the instructor should check; empty if nothing.
    """

    students: tuple[str, ...]
    group: bool = False
    doubt: str = ""


def merged(people: Roster, listed: ClassList) -> Roster:
    """Add a class list to the roster. Mark students who are no longer on the list.

    Raises:
        IdentityError: a row of the list matches two people in the roster, or may be either of two people with the same
            name.
    """
    people = dict(people)
    present = set()
    called = Counter(_called(row.person) for row in listed.rows)
    for row in listed.rows:
        person = row.person
        if not any(getattr(person, title) for title in (*IDS, "last_name", "student")):
            continue  # an anonymous grading worksheet
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
    """Return the students who share a number, a login or an address with `person`. A login may be an address."""
    for title in IDS:
        if wanted := key(getattr(person, title)):
            titles = ("login", "email") if title in ("login", "email") else (title,)
            same = [
                student
                for student, candidate in people.items()
                if any(key(getattr(candidate, name)) == wanted for name in titles)
            ]
            if same:
                return same
    return [student for student in people if person.student and key(student) == key(person.student)]


def by_name(people: Roster, person: Person) -> list[str]:
    """Return the students with this name, except those whose number, login or address differs."""
    wanted = _called(person)
    if not wanted:
        return []
    return [
        student
        for student, candidate in people.items()
        if _called(candidate) == wanted and not _differ(candidate, person)
    ]


def _called(person: Person) -> str:
    return same_name(f"{person.first_name} {person.last_name}")


def _differ(one: Person, other: Person) -> bool:
    pairs = ((key(getattr(one, title)), key(getattr(other, title))) for title in IDS)
    return any(left and right and left != right for left, right in pairs)


def find(people: Roster, hand_in: HandIn, numbers: dict[str, str]) -> Found:
    """Find the students of a hand-in; none if the roster does not say.

    Args:
        numbers: students by the system's number for this assignment, if a class list gives it.
    """
    if len(hand_in.people) > 1:
        members = [by_ids(people, candidate) or by_name(people, candidate) for candidate in hand_in.people]
        students = tuple(member[0] for member in members if len(member) == 1)
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
        found = [
            student
            for student, candidate in people.items()
            if hand_in.name in _forms(candidate) and not _differ(candidate, person)
        ]
    if len(found) > 1:
        return Found(students=(), doubt=f"{hand_in.name} may be {' or '.join(found)}")
    doubt = ""
    if found and hand_in.mangled and hand_in.name not in _forms(people[found[0]]) and people[found[0]].last_name:
        doubt = f"the download says {hand_in.name}: if that is a group, give a list of the groups with --roster"
    return Found(students=tuple(found), doubt=doubt)


def _group(people: Roster, hand_in: HandIn, numbers: dict[str, str]) -> Found | None:
    """Return the members of the group that the download names; None if no group or also a student has this name."""
    if hand_in.mangled:
        members = [candidate for candidate in people.values() if hand_in.name in map(mangled, _groups(candidate))]
        known = by_ids(people, hand_in.people[0])
        # The file is the group's only if the user whose number it has is a member.
        if not members or (known and known[0] not in {member.student for member in members}):
            return None
    else:
        wanted = _spaced(hand_in.name)
        members = [candidate for candidate in people.values() if wanted in map(_spaced, _groups(candidate))]
        if not members or by_name(people, hand_in.people[0]):
            return None
    present = [member.student for member in members if not member.gone] or [member.student for member in members]
    return Found(students=tuple(sorted(present)), group=len(present) > 1)


def _behind_a_group(people: Roster, hand_in: HandIn) -> list[str]:
    """Return the students called `Group A-Ada Lovelace`, as Moodle named them before 4.1."""
    wanted = same_name(hand_in.name)
    return [
        student
        for student, candidate in people.items()
        if candidate.last_name and wanted in {same_name(f"{group}-{candidate.name}") for group in _groups(candidate)}
    ]


def _groups(person: Person) -> list[str]:
    """Return the groups of a student. Lists separate several groups by commas."""
    return [*filter(None, {person.group, *map(str.strip, person.group.split(","))})]


def _spaced(name: str) -> str:
    """Convert a group's name to the form in Moodle's file names."""
    return same_name(name.replace("_", " "))


def _forms(person: Person) -> set[str]:
    """Return the forms that Canvas makes of a name."""
    return {mangled(f"{person.last_name}{person.first_name}"), mangled(f"{person.first_name}{person.last_name}")} - {""}


def new_name(people: Roster, person: Person, called: str = "") -> str:
    """Make an unused name in the course folder for a new student, from the login, the address or the name."""
    wished = person.student or person.login.partition("@")[0] or person.email.partition("@")[0]
    wished = wished or person.name or called or person.canvas
    name = names.student(wished.replace("/", "-"))
    taken = {key(student) for student in people}
    if key(name) not in taken:
        return name
    # If the name is taken, append a number.
    more = next(filter(None, (person.number, person.canvas)), "")
    candidates = ([f"{name} {more}"] if more else []) + [f"{name} {number}" for number in range(2, len(taken) + 3)]
    return next(candidate for candidate in map(names.student, candidates) if key(candidate) not in taken)
