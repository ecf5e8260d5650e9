"""Plan the collection of a download: the attempt of each student that counts, and a line for each entry left out.

This module writes no files.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from autograder.course.collected import Collected
from autograder.course.roster import Person, Roster
from autograder.submissions import choice, files, names
from autograder.systems import identity
from autograder.systems.download import MAX_KEPT, Download
from autograder.systems.handin import Context, HandIn, System, Taken
from autograder.systems.identity import Found
from autograder.systems.lists import Listed
from autograder.systems.recognise import Recognised

UNKNOWN = "its student is unknown"
STRANGE = "not a name as in {title}"


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known about the class before the download is read.

    Attributes:
        listed: whether the user gave a class list.
        rows: the rows of the list for this assignment, by the student's name in the course folder.
        present: the students whose work was already collected.
    """

    people: Roster
    listed: bool = False
    rows: Mapping[str, Listed] = field(default_factory=dict)
    present: frozenset[str] = frozenset()

    @property
    def numbers(self) -> dict[str, str]:
        """The students by the system's number for this assignment."""
        return {row.number: student for student, row in self.rows.items() if row.number}


@dataclass(frozen=True, kw_only=True)
class Student:
    """What a student, alone or in a group, handed in.

    Attributes:
        attempts: the attempts with files, in order: the last one counts.
        record: what is stored about the attempt that counts.
        remarks: what the instructor should know.
    """

    record: Collected
    attempts: tuple[HandIn, ...]
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Left:
    """An entry that is not collected, and why."""

    name: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The plan for a whole download.

    Attributes:
        people: the roster, with new students.
        left: what is not collected.
        missing: the students of the roster who have not handed in, in this download or before.
    """

    system: System
    students: tuple[Student, ...]
    people: Roster
    left: tuple[Left, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Whose:
    """The attempts of one student or one group, and their names in the roster."""

    found: Found
    attempts: tuple[HandIn, ...]

    @property
    def latest(self) -> HandIn:
        return self.attempts[-1]


def plan(recognised: Recognised, download: Download, known: Known, context: Context) -> Plan:
    """Plan the collection of a download."""
    system = recognised.system
    hand_ins = system.read(recognised.view, context)
    people, all_whose = _identified(known, [_usable(hand_in, download) for hand_in in hand_ins])
    counted = _times(all_whose)
    # If two hand-ins point to the same new student, add neither to the roster.
    people = {
        student: person for student, person in people.items() if student in known.people or counted.get(student) == 1
    }
    students: list[Student] = []
    left = [Left(name=name, why=why) for name, why in _strange(recognised, hand_ins)]
    left += [too_long for hand_in in hand_ins for too_long in _too_long(hand_in, download)]
    for whose in all_whose:
        students_of, latest = whose.found.students, whose.latest
        twice = [student for student in students_of if counted[student] > 1]
        if not students_of:
            left.append(Left(name=latest.name, why=whose.found.doubt or latest.problem or UNKNOWN))
        elif twice:
            left.append(Left(name=f"{latest.name} {latest.number}".strip(), why=_several(twice)))
        elif not latest.files:
            left.append(Left(name=f"{latest.name} ({', '.join(students_of)})", why=latest.problem))
        else:
            students += [_student(system, student, whose, known, people, download, context) for student in students_of]
    present = {*known.present, *(planned.record.student for planned in students)}
    return Plan(
        system=system,
        students=tuple(sorted(students, key=lambda planned: planned.record.student)),
        people=people,
        left=tuple(left),
        missing=tuple(student for student, person in people.items() if student not in present and not person.gone),
    )


def kept(taken: Iterable[Taken], assignment: str) -> dict[str, str]:
    """Return the path at which each file is kept in a student's folder, by its path in the download.

    A notebook without other notebooks beside it gets the name of the assignment.
    """
    found: dict[str, str] = {}
    for file in taken:
        parts = [names.normal(part) for part in file.name.split("/") if part not in ("", ".", "..")]
        if parts:
            found[file.entry] = "/".join(map(_safe, parts))
    notebooks = [entry for entry, name in found.items() if names.is_notebooks(name)]
    if len(notebooks) == 1 and ("/" not in found[notebooks[0]] or len(found) == 1):
        found[notebooks[0]] = f"{assignment}.ipynb"
    return _unlike(found)


def _safe(name: str) -> str:
    """Make a file name that a folder and a terminal can hold; nearly always the name itself."""
    safe = names.student(name)
    return safe if names.stem(safe) != safe or safe == name else f"{safe}{name[len(names.stem(name)) :][:20]}"


def _unlike(found: dict[str, str]) -> dict[str, str]:
    """Make the names different on every system; no name is both a file and a folder. A second one gets a number."""
    files_there: set[str] = set()
    folders: set[str] = set()
    unlike: dict[str, str] = {}
    for entry, wanted in found.items():
        in_a_file = any(above in files_there for above in _above(wanted))
        name = wanted.replace("/", "-") if in_a_file else wanted
        stem = names.stem(name)
        candidates = (name if not number else f"{stem}-{number}{name[len(stem) :]}" for number in range(len(found) + 1))
        unlike[entry] = next(candidate for candidate in candidates if names.key(candidate) not in files_there | folders)
        files_there.add(names.key(unlike[entry]))
        folders.update(_above(unlike[entry]))
    return unlike


def _above(name: str) -> list[str]:
    """Return the folders above a file, in the form for comparison."""
    return [names.key(str(above)) for above in PurePosixPath(name).parents]


def _identified(known: Known, hand_ins: list[HandIn]) -> tuple[Roster, list[Whose]]:
    """Find the students of all hand-ins; return the roster with new students, and the attempts by student."""
    by_who: dict[str, list[HandIn]] = {}
    for hand_in in hand_ins:
        by_who.setdefault(hand_in.who, []).append(hand_in)
    people, found = known.people, []
    for attempts in by_who.values():
        ordered = sorted(attempts, key=lambda attempt: (bool(attempt.files), attempt.order))
        whose = identity.find(people, ordered[-1], known.numbers)
        if not whose.students and not whose.doubt:
            people, whose = _new(people, ordered[-1])
        elif len(whose.students) == 1 and not whose.group:
            people = _with_number(people, whose.students[0], ordered[-1])
        found.append(Whose(found=whose, attempts=tuple(ordered)))
    return people, found


def _new(people: Roster, hand_in: HandIn) -> tuple[Roster, Found]:
    """Add a student whom the roster does not know, or the members of a group that the download lists."""
    if hand_in.anonymous:  # the number differs in the next assignment
        return people, Found(students=(names.student(hand_in.name),))
    students = []
    for person in hand_in.people:
        same = identity.by_ids(people, person) or identity.by_name(people, person)
        if len(same) > 1:
            return people, Found(students=(), doubt=f"{person.name} may be {' or '.join(same)}")
        student = same[0] if same else identity.new_name(people, person, hand_in.name)
        people = people if same else people | {student: replace(person, student=student)}
        students.append(student)
    return people, Found(students=tuple(dict.fromkeys(students)), group=len(students) > 1)


def _with_number(people: Roster, student: str, hand_in: HandIn) -> Roster:
    """Add what the download says about a known student to the roster."""
    person = people.get(student)
    if person is None or hand_in.anonymous or len(hand_in.people) != 1:
        return people
    news = hand_in.people[0]
    titles = [title for title in identity.IDS if getattr(news, title) and not getattr(person, title)]
    return people | {student: replace(person, **{title: getattr(news, title) for title in titles})}


def _times(all_whose: Iterable[Whose]) -> dict[str, int]:
    """Count how often each student was found. A student who was found twice may be two people."""
    counted: dict[str, int] = {}
    for whose in all_whose:
        for student in whose.found.students:
            counted[student] = counted.get(student, 0) + 1
    return counted


def _several(students: list[str]) -> str:
    return (
        f"two entries of the download may be {' and '.join(students)}: "
        "give a class list that tells them apart with --roster, or correct roster.csv"
    )


def _strange(recognised: Recognised, hand_ins: Iterable[HandIn]) -> Iterable[tuple[str, str]]:
    """Yield the entries that are in no hand-in, and why."""
    title = STRANGE.format(title=recognised.system.title)
    taken = {file.entry for hand_in in hand_ins for file in hand_in.files}
    yield from ((entry, title) for entry in recognised.strange if entry not in taken)


def _usable(hand_in: HandIn, download: Download) -> HandIn:
    """Remove the files that are too long to keep, and those that programs left."""
    short = [file for file in hand_in.files if download.sizes[file.entry] <= MAX_KEPT]
    # This also removes a `timestamp.txt` of the student's own, which is no evidence.
    usable = tuple(file for file in short if not names.is_left_by_a_program(file.name))
    problem = "" if usable else "its file is too long" if any(_too_long(hand_in, download)) else "it has no file"
    return replace(hand_in, files=usable, problem=hand_in.problem or problem)


def _too_long(hand_in: HandIn, download: Download) -> Iterable[Left]:
    for file in hand_in.files:
        if (size := download.sizes[file.entry]) > MAX_KEPT:
            yield Left(name=file.entry, why=f"it has {size / 1e6:.0f} MB; at most {MAX_KEPT / 1e6:.0f} MB are kept")


def _student(
    system: System,
    student: str,
    whose: Whose,
    known: Known,
    people: Roster,
    download: Download,
    context: Context,
) -> Student:
    latest, found = whose.latest, whose.found
    row = known.rows.get(student, Listed(person=Person()))
    handed_in = latest.handed_in or row.handed_in
    number, upload = latest.number, latest.upload
    if found.group and system.member:  # this number is the group's, not a student's
        number = row.number
        upload = system.member(people[student], number, context) if number else ""
    record = Collected(
        student=student,
        system=system.name,
        name=latest.name,
        number=number,
        group=found.students if len(found.students) > 1 else (),
        upload=upload,
        files=tuple(file.entry for file in latest.files),
        order=latest.order or (handed_in.isoformat() if handed_in else ""),
        handed_in=handed_in.isoformat() if handed_in else "",
        late=row.late if latest.late is None else latest.late,
    )
    remarks = [*_remarks(whose, download)]
    if system.member and record.group and not number:
        remarks.append("no page can be returned: give the grading worksheet with --roster")
    if student in people and people[student].gone:
        remarks.append("no longer in the class")
    elif known.listed and student not in known.people and not latest.anonymous:
        remarks.append("not on the class list")
    attempts = tuple(attempt for attempt in whose.attempts if attempt.files)
    return Student(record=record, attempts=attempts, remarks=tuple(remarks))


def _remarks(whose: Whose, download: Download) -> Iterable[str]:
    if whose.found.doubt:
        yield whose.found.doubt
    likely = [file for file in whose.latest.files if choice.is_likely(file.name, download.beginning(file.entry, 1000))]
    if not likely:
        yield f"no notebook: {', '.join(_described(file, download) for file in whose.latest.files[: files.MAX_LISTED])}"
    with_files = [attempt for attempt in whose.attempts if attempt.files]
    if any(attempt.order == whose.latest.order for attempt in with_files[:-1]):
        yield "the download does not say which attempt is the last"


def _described(taken: Taken, download: Download) -> str:
    return files.described(taken.name, files.kind(download.beginning(taken.entry, 1000)))
