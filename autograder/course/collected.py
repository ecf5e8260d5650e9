"""What `autograder collect` took from a download: the students, the times, and the names under which pages return.

The records are in `collected/ASSIGNMENT.json` in the course folder, earlier attempts in `collected/ASSIGNMENT/`.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from autograder.files import write_atomically

FOLDER = "collected"


@dataclass(frozen=True, kw_only=True)
class Collected:
    """The attempt of one student that counts.

    Attributes:
        system: the system of the download.
        name: what the system calls the student, or the group, in the download.
        number: the system's number of the student for this assignment, if there is one (Moodle's participant).
        group: the students who handed it in together, in order; empty for a single student.
        upload: the path of the feedback page in a zip that the system takes; empty if it takes none.
        files: the files that count, by their paths in the download.
        order: text that is greater for a later attempt, within one system.
        handed_in: the time in UTC, as ISO 8601; empty if the system does not say.
        late: whether the system marked it late; None if it does not say.
    """

    student: str
    system: str
    name: str
    number: str = ""
    group: tuple[str, ...] = ()
    upload: str = ""
    files: tuple[str, ...] = ()
    order: str = ""
    handed_in: str = ""
    late: bool | None = None

    @property
    def time(self) -> datetime | None:
        return datetime.fromisoformat(self.handed_in) if self.handed_in else None


def path(root: Path, assignment: str) -> Path:
    return root / FOLDER / f"{assignment}.json"


def earlier(root: Path, assignment: str, student: str) -> Path:
    """Return the folder with a student's attempts that do not count."""
    return root / FOLDER / assignment / student


def read(root: Path, assignment: str) -> dict[str, Collected]:
    """Read the records of an assignment in the course in `root`, by student."""
    try:
        text = path(root, assignment).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    found = [_tuples(record) for record in json.loads(text)["students"]]
    return {record.student: record for record in found}


def write(root: Path, assignment: str, records: Iterable[Collected]) -> None:
    """Replace the records of an assignment."""
    listed = [asdict(record) for record in sorted(records, key=lambda record: record.student)]
    text = json.dumps({"assignment": assignment, "students": listed}, indent=1, ensure_ascii=False)
    write_atomically(path(root, assignment), text)


def groups(root: Path, assignment: str) -> list[tuple[str, ...]]:
    """Return the groups whose members share a notebook, each once. A group that a member has left is left out."""
    records = read(root, assignment)
    found = dict.fromkeys(record.group for record in records.values() if len(record.group) > 1)
    return [group for group in found if all(records[member].group == group for member in group if member in records)]


def late_at_unknown_time(root: Path, assignment: str) -> dict[str, str]:
    """Return the students that a system marked late without giving a time: the system by student."""
    records = read(root, assignment).values()
    return {record.student: record.system for record in records if record.late and not record.handed_in}


def _tuples(data: dict[str, Any]) -> Collected:
    data |= {name: tuple(data[name]) for name in ("group", "files")}
    return Collected(**data)
