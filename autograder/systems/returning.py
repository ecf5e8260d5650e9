"""Write the feedback pages of a class into one zip, under the names by which a system returns them to students."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder.course import collected, roster
from autograder.course.collected import Collected
from autograder.course.folder import Course
from autograder.course.roster import Person
from autograder.errors import ReturnError
from autograder.files import new_zip, zip_entry
from autograder.submissions import names
from autograder.submissions.names import normal
from autograder.systems import pages
from autograder.systems.canvas import CANVAS
from autograder.systems.handin import System


@dataclass(frozen=True, kw_only=True)
class Returned:
    """What the zip holds.

    Attributes:
        paths: the path of each student's page in the zip; the members of a group may share one.
        warnings: the students whose page is not in the zip, and why.
    """

    paths: dict[str, str]
    warnings: tuple[str, ...]


def write(path: Path, course: Course, assignment: str, system: System) -> Returned:
    """Write the zip.

    Raises:
        ReturnError: the course folder has no page, or nothing was collected from this system.
    """
    found = _pages(course, assignment)
    if not found:
        raise ReturnError(f"there are no pages: run `autograder grade {assignment} --course {course.root}` first")
    records = collected.read(course.root, assignment)
    if system.takes and not any(record.upload for record in records.values() if record.system == system.name):
        raise ReturnError(
            f"nothing of {assignment} was collected from {system.name}, so it could not match "
            f"pages to students: collect the download from {system.name} first"
        )
    people = roster.read(course.root)
    returned = _named(found, records, people, assignment, system)
    page_of: dict[str, str] = {}
    for student, name in returned.paths.items():
        page_of.setdefault(name, student)  # a group's page is the same for each member
    _write(path, {name: (found[student], system is CANVAS) for name, student in page_of.items()}, f"{assignment}.html")
    return returned


def _pages(course: Course, assignment: str) -> dict[str, Path]:
    """Return the path of each student's page, where grading wrote it."""
    folders = sorted((course.root / "feedback").glob(f"*/{assignment}/{assignment}.html"))
    return {normal(page.parts[-3]): page for page in folders}


def _named(
    found: Mapping[str, Path],
    records: Mapping[str, Collected],
    people: roster.Roster,
    assignment: str,
    system: System,
) -> Returned:
    paths: dict[str, str] = {}
    without: dict[str, list[str]] = {}
    for student in found:
        record = records.get(student)
        if not system.takes:
            paths[student] = f"{_folder(people.get(student), student)}/{assignment}.html"
        elif record and _is_unlike(record, found, records):
            without.setdefault("the group gets one page, but its members' pages differ", []).append(student)
        elif record and record.system == system.name and record.upload:
            paths[student] = record.upload
        else:
            without.setdefault(_why(record, system), []).append(student)
    warnings = [f"not in the zip: {', '.join(students)}: {why}" for why, students in without.items()]
    absent = [student for student in records if student not in found]
    if absent:
        warnings.append(f"not in the zip: {', '.join(absent)}: no page yet, grade first")
    return Returned(paths=paths, warnings=tuple(warnings))


def _is_unlike(record: Collected, found: Mapping[str, Path], records: Mapping[str, Collected]) -> bool:
    """Tell whether the members of a group share one page but have different ones: a person marked one differently."""
    sharing = [member for member in record.group if member in found and records[member].upload == record.upload]
    return len({found[member].read_bytes() for member in sharing}) > 1


def _why(record: Collected | None, system: System) -> str:
    if record is None or record.system != system.name:
        return f"the work did not come from {system.name}"
    if record.group and system.member:
        return "a group's page goes to each member: collect again with --roster and the grading worksheet"
    return "the download does not say where the page should go"


def _folder(person: Person | None, student: str) -> str:
    """Return a folder's name by which a person recognises the student."""
    name = student if person is None or person.name == student else f"{person.name} ({student})"
    return names.student(name.replace("/", "-").replace("\\", "-"))


def _write(path: Path, named: Mapping[str, tuple[Path, bool]], page: str) -> None:
    """Write the zip, completely or not at all, and byte for byte the same each time."""
    with new_zip(path) as archive:
        for name, (source, in_place) in sorted(named.items()):
            text = source.read_text(encoding="utf-8")
            data = pages.as_file(text, name, called=page) if in_place else text.encode()
            archive.writestr(zip_entry(name), data)
