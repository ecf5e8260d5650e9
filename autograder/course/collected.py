"""What `autograder collect` has taken from a download: who, when, and under which name a page goes back.

It stands in `collected/ASSIGNMENT.json` in the course folder. Earlier attempts lie in `collected/ASSIGNMENT/`.
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
        system: the system that it comes from.
        name: what the system calls the student, or the group, in the download.
        number: the system's number of the student for this assignment, where it has one (Moodle's participant).
        group: the students who have handed it in together, in order; empty for one alone.
        upload: the path of the feedback page in a zip that the system takes; empty where it takes none.
        files: the files that count, by their paths in the download.
        order: text that is greater for a later attempt, within one system.
        handed_in: when, in UTC, as ISO 8601; empty where the system does not say.
        late: whether the system says that it was late; None where it says nothing.
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
    """The folder of a student's attempts that do not count."""
    return root / FOLDER / assignment / student


def read(root: Path, assignment: str) -> dict[str, Collected]:
    """What was collected of an assignment in the course in `root`, by student."""
    try:
        text = path(root, assignment).read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    found = [_tuples(one) for one in json.loads(text)["students"]]
    return {one.student: one for one in found}


def write(root: Path, assignment: str, students: Iterable[Collected]) -> None:
    """Replace what `read` gives."""
    listed = [asdict(one) for one in sorted(students, key=lambda one: one.student)]
    text = json.dumps({"assignment": assignment, "students": listed}, indent=1, ensure_ascii=False)
    write_atomically(path(root, assignment), text)


def groups(root: Path, assignment: str) -> list[tuple[str, ...]]:
    """The groups whose members share a notebook, each once. Who is in another group by now is in no earlier one."""
    records = read(root, assignment)
    found = dict.fromkeys(one.group for one in records.values() if len(one.group) > 1)
    return [group for group in found if all(records[one].group == group for one in group if one in records)]


def late_at_unknown_time(root: Path, assignment: str) -> dict[str, str]:
    """Who was late by what a system says without saying when: the system by student."""
    return {one.student: one.system for one in read(root, assignment).values() if one.late and not one.handed_in}


def _tuples(data: dict[str, Any]) -> Collected:
    data |= {name: tuple(data[name]) for name in ("group", "files")}
    return Collected(**data)
