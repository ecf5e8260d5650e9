"""Collecting a download: notebooks into `submitted/`, earlier attempts aside, the roster and a record beside them.

Everything is unpacked into a folder of its own first. Only when all of it is there, a student's folder is put in its
place in one step. So an interruption leaves nothing half-written, and the same command goes on.
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
    """What collecting does for a student.

    Attributes:
        earlier: how many attempts are kept aside.
    """

    record: Collected
    change: Change
    earlier: int
    remarks: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What collecting a download has come to, or would come to.

    Attributes:
        claimed: how many names are as the system makes them, of how many.
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
        listed: lists of the class, as systems write them.
        system: the one that the download comes from, where its names do not tell.
        zone: of the times that name none.
        skip: entries to leave out.
        dry_run: look at everything, and write nothing.

    Raises:
        DownloadError: the download is refused.
        RosterError, IdentityError: so is a list of the class.
        DownloadError: there is no such time zone.
    """
    moments.check(zone)
    known = _known(course, assignment, [lists.read(one, zone=zone) for one in listed])
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
    for one in class_lists:
        people = identity.merged(people, one)
    folders = course.submitted().iterdir() if course.submitted().is_dir() else ()
    return Known(
        people=people,
        listed=any(not one.kind.groups for one in class_lists),
        rows=_rows(people, class_lists),
        present=frozenset(folder.name for folder in folders if (folder / assignment).is_dir()),
    )


def _rows(people: roster.Roster, class_lists: list[lists.ClassList]) -> dict[str, Listed]:
    """What lists say of this assignment, by student."""
    found: dict[str, Listed] = {}
    for row in (row for one in class_lists for row in one.rows if row.number):
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
    ready = [_Ready.of(one, scratch / str(number), download, assignment) for number, one in enumerate(planned.students)]
    lines, records = [], dict(before)
    for one in ready:
        target = existing(course.submitted() / one.record.student) / assignment
        change = _change(before.get(one.record.student), one, target)
        aside = [*one.earlier, *([one.counts] if change == "older" else [])]
        if not dry_run:
            one.put(course, assignment, target, aside, change)
        if change != "older":
            records[one.record.student] = one.record
        kept = len(aside) + (change == "newer")
        lines.append(Line(record=one.record, change=change, earlier=kept, remarks=one.remarks))
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
    """A student's attempts, unpacked into folders of their own."""

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
        if student.record.time:  # a list may know it where the download does not
            _note(unpacked[-1], student.record)
        return cls(
            record=student.record,
            remarks=student.remarks,
            earlier=tuple(unpacked[:-1]),
            counts=unpacked[-1],
        )

    def put(self, course: Course, assignment: str, target: Path, aside: list[Path], change: Change) -> None:
        """Put everything in its place; what is there already, and is another attempt, goes aside."""
        kept = collected.earlier(course.root, assignment, self.record.student)
        for one in aside:
            _move(one, kept)
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
    """Note when it was handed in, as nbgrader does."""
    if record.time:
        write_atomically(folder / times.NAME, f"{record.time:%Y-%m-%d %H:%M:%S} UTC")


def _move(folder: Path, kept: Path) -> None:
    """Move an attempt to those that do not count; the same one is not kept twice."""
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
    """What the files of an attempt are, whenever they were handed in."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or (path.is_file() and path.name != times.NAME):
            content = b"" if path.is_symlink() else path.read_bytes()
            digest.update(f"{path.relative_to(folder)}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
            digest.update(content)
    return digest.hexdigest()
