"""Collect a download: notebooks into `submitted/`, earlier attempts aside, the roster and a record beside them.

Everything is first unpacked into a temporary folder. Each student's folder then moves to its place in a single step. So
an interruption leaves nothing half-written, and the same command continues.
"""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder.course import collected, roster
from autograder.course.collected import Collected
from autograder.course.folder import Course
from autograder.files import write_atomically
from autograder.submissions import times
from autograder.submissions.names import existing
from autograder.systems import identity, lists, moments, plan
from autograder.systems.download import Download, opened
from autograder.systems.handin import Context, HandIn, System
from autograder.systems.lists import Listed
from autograder.systems.plan import Known, Left, Plan, Student
from autograder.systems.recognise import Recognised, recognise

type Change = Literal["new", "newer", "same", "older"]


@dataclass(frozen=True, kw_only=True)
class Line:
    """What collecting does for one student.

    Attributes:
        earlier: the number of attempts that are kept aside.
    """

    record: Collected
    change: Change
    earlier: int
    remarks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The result of collecting a download; with `dry_run`, what it would be.

    Attributes:
        claimed: how many paths have a form that the system makes, and how many paths there are.
    """

    system: System
    claimed: tuple[int, int]
    lines: tuple[Line, ...]
    left: tuple[Left, ...]
    missing: tuple[str, ...]
    people: roster.Roster


def collect(
    course: Course,
    assignment: str,
    path: Path,
    *,
    listed: Iterable[Path] = (),
    system: System | None = None,
    zone: str = "UTC",
    skip: Iterable[str] = (),
    dry_run: bool = False,
) -> Outcome:
    """Collect a download.

    Args:
        listed: class lists, as the systems export them.
        system: the system that made the download; None to recognise it by the names inside.
        zone: the time zone of times that name none.
        skip: entries to leave out.
        dry_run: check everything, and write nothing.

    Raises:
        DownloadError: the download is refused, or the time zone does not exist.
        RosterError, IdentityError: a class list is refused.
    """
    moments.check(zone)
    known = _known(course, assignment, [lists.read(path, zone=zone) for path in listed])
    context = Context(
        assignment=assignment,
        page=f"{assignment}.html",
        zone=zone,
        known=frozenset(person.canvas for person in known.people.values() if person.canvas),
    )
    nearest = next(folder for folder in (course.root, *course.root.absolute().parents) if folder.is_dir())
    with opened(path, room=nearest, skip=skip) as download:
        recognised = recognise(download, context, system)
        planned = plan.plan(recognised, download, known, context)
        if dry_run:
            with tempfile.TemporaryDirectory() as scratch:
                return _collected(course, assignment, recognised, planned, download, Path(scratch), dry_run=True)
        course.root.mkdir(parents=True, exist_ok=True)
        with course.lock(assignment), tempfile.TemporaryDirectory(dir=course.root / ".kit") as scratch:
            return _collected(course, assignment, recognised, planned, download, Path(scratch), dry_run=False)


def _known(course: Course, assignment: str, class_lists: list[lists.ClassList]) -> Known:
    people = roster.read(course.root)
    for class_list in class_lists:
        people = identity.merged(people, class_list)
    folders = course.submitted().iterdir() if course.submitted().is_dir() else ()
    return Known(
        people=people,
        listed=any(not class_list.kind.groups for class_list in class_lists),
        rows=_rows(people, class_lists),
        present=frozenset(folder.name for folder in folders if (folder / assignment).is_dir()),
    )


def _rows(people: roster.Roster, class_lists: list[lists.ClassList]) -> dict[str, Listed]:
    """Return the rows of class lists about this assignment, by student."""
    found: dict[str, Listed] = {}
    for row in (row for class_list in class_lists for row in class_list.rows if row.number):
        same = identity.by_ids(people, row.person) or identity.by_name(people, row.person)
        if len(same) == 1:
            found[same[0]] = row
    return found


def _collected(
    course: Course,
    assignment: str,
    recognised: Recognised,
    planned: Plan,
    download: Download,
    scratch: Path,
    *,
    dry_run: bool,
) -> Outcome:
    before = collected.read(course.root, assignment)
    ready = [
        _Ready.of(student, scratch / str(number), download, assignment)
        for number, student in enumerate(planned.students)
    ]
    lines, records = [], dict(before)
    for item in ready:
        target = existing(course.submitted() / item.record.student) / assignment
        change = _change(before.get(item.record.student), item, target)
        aside = [*item.earlier, *([item.counts] if change == "older" else [])]
        if not dry_run:
            item.put(course, assignment, target, aside, change)
        if change != "older":
            records[item.record.student] = item.record
        kept = len(aside) + (change == "newer")
        lines.append(Line(record=item.record, change=change, earlier=kept, remarks=item.remarks))
    if not dry_run:
        roster.write(course.root, planned.people)
        collected.write(course.root, assignment, records.values())
    return Outcome(
        system=planned.system,
        claimed=(recognised.claimed, len(recognised.view.entries)),
        lines=tuple(lines),
        left=planned.left,
        missing=planned.missing,
        people=planned.people,
    )


@dataclass(frozen=True, kw_only=True)
class _Ready:
    """A student's attempts, unpacked, each into its own folder."""

    record: Collected
    remarks: tuple[str, ...]
    earlier: tuple[Path, ...]
    counts: Path

    @classmethod
    def of(cls, student: Student, folder: Path, download: Download, assignment: str) -> "_Ready":
        """Unpack a student's attempts."""
        unpacked = []
        for number, attempt in enumerate(student.attempts):
            unpacked.append(_unpack(attempt, folder / str(number), download, assignment))
        if student.record.time:  # a class list may give a time that the download lacks
            _note(unpacked[-1], student.record)
        return cls(
            record=student.record,
            remarks=student.remarks,
            earlier=tuple(unpacked[:-1]),
            counts=unpacked[-1],
        )

    def put(self, course: Course, assignment: str, target: Path, aside: list[Path], change: Change) -> None:
        """Move everything to its place. If another attempt is already there, move it aside."""
        kept = collected.earlier(course.root, assignment, self.record.student)
        for attempt in aside:
            _move(attempt, kept)
        if change == "same":
            if self.record.time:
                _note(target, self.record)
        elif change != "older":
            if target.exists():
                _move(target, kept)
            target.parent.mkdir(parents=True, exist_ok=True)
            self.counts.replace(target)


def _change(before: Collected | None, ready: _Ready, target: Path) -> Change:
    if not target.exists():
        return "new"
    if _digest(target) == _digest(ready.counts):
        return "same"
    comparable = before is not None and before.system == ready.record.system
    return "older" if before and comparable and ready.record.order < before.order else "newer"


def _unpack(attempt: HandIn, folder: Path, download: Download, assignment: str) -> Path:
    folder.mkdir(parents=True)
    for entry, name in plan.kept(attempt.files, assignment).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        download.copy(entry, path)
    if attempt.handed_in:
        (folder / times.NAME).write_text(f"{attempt.handed_in:%Y-%m-%d %H:%M:%S} UTC\n", encoding="utf-8")
    return folder


def _note(folder: Path, record: Collected) -> None:
    """Write the time of submission as nbgrader does."""
    if record.time:
        write_atomically(folder / times.NAME, f"{record.time:%Y-%m-%d %H:%M:%S} UTC")


def _move(folder: Path, kept: Path) -> None:
    """Move an attempt to those that do not count; do not keep the same attempt twice."""
    try:
        moment = (folder / times.NAME).read_text(encoding="utf-8").strip().replace(":", "")[:17]
    except (OSError, UnicodeDecodeError):
        moment = "attempt"
    target = kept / f"{moment} {_digest(folder)[:8]}"
    if target.exists():
        shutil.rmtree(folder)
        return
    kept.mkdir(parents=True, exist_ok=True)
    folder.replace(target)


def _digest(folder: Path) -> str:
    """Hash the files of an attempt, without the time of submission."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or (path.is_file() and path.name != times.NAME):
            content = b"" if path.is_symlink() else path.read_bytes()
            digest.update(f"{path.relative_to(folder)}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
            digest.update(content)
    return digest.hexdigest()
