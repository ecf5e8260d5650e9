"""Moodle: names as `mod/assign/classes/downloader.php` makes them, what its importers read, and its worksheet."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from .people import Member

HEADER = [
    *("Identifier", "Full name", "ID number", "Email address", "Status", "Group", "Grade", "Maximum Grade"),
    *("Grade can be changed", "Last modified (submission)", "Last modified (grade)", "Feedback comments"),
]


def folder(name: str, number: int | str, *, plugin: str = "file", old: bool = False) -> str:
    """The folder of a student, or of a group; before Moodle 4.1 it had an underscore at its end."""
    numbered = f"_{number}" if number != "" else ""
    return f"{_clean(name)}{numbered}_assignsubmission_{plugin}{'_' if old else ''}"


def flat(name: str, number: int | str, file: str) -> str:
    """The name of a file where "Download submissions in folders" is off."""
    return f"{_clean(name)}_{number}_assignsubmission_file_{file}"


def _clean(name: str) -> str:
    return re.sub(r"[\x00-\x1f/\\:*?\"<>|]", "", name.replace("_", " "))


def participant(path: str) -> int | None:
    """Whose file Moodle takes one for: `is_valid_filename_for_import`."""
    for part in path.split("/"):
        words = part.split("_", 4)
        if (
            len(words) >= 4
            and words[1].isdigit()
            and words[2:4] in (["assignsubmission", "file"], ["assignsubmission", "onlinetext"])
        ):
            return int(words[1])
    return None


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a worksheet says of a student's submission."""

    status: str = "No submission"
    group: str = ""
    modified: str = "-"


def worksheet(path: Path, members: Iterable[Member], rows: Mapping[str, Row], *, maximum: str = "9.00") -> Path:
    """The offline grading worksheet."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        written = csv.writer(file)
        written.writerow(HEADER)
        for one in members:
            row = rows.get(one.login, Row())
            written.writerow(
                [
                    *(f"Participant {one.participant}", one.name, one.number, one.email, row.status, row.group),
                    *("", maximum, "Yes", row.modified, "-", ""),
                ]
            )
    return path
