"""Moodle: names as `mod/assign/classes/downloader.php` makes them and its importers read them; its worksheet."""

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
    """The folder of a student or a group; before Moodle 4.1, it ended with an underscore."""
    numbered = f"_{number}" if number != "" else ""
    return f"{_clean(name)}{numbered}_assignsubmission_{plugin}{'_' if old else ''}"


def flat(name: str, number: int | str, file: str) -> str:
    """The name of a file if "Download submissions in folders" is off."""
    return f"{_clean(name)}_{number}_assignsubmission_file_{file}"


def _clean(name: str) -> str:
    return re.sub(r"[\x00-\x1f/\\:*?\"<>|]", "", name.replace("_", " "))


def participant(path: str) -> int | None:
    """The participant whose file Moodle takes it for: `is_valid_filename_for_import`."""
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
    """A student's row in a worksheet."""

    status: str = "No submission"
    group: str = ""
    modified: str = "-"


def worksheet(path: Path, members: Iterable[Member], rows: Mapping[str, Row], *, maximum: str = "9.00") -> Path:
    """The offline grading worksheet."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        written = csv.writer(file)
        written.writerow(HEADER)
        for member in members:
            row = rows.get(member.login, Row())
            written.writerow(
                [
                    *(
                        f"Participant {member.participant}",
                        member.name,
                        member.number,
                        member.email,
                        row.status,
                        row.group,
                    ),
                    *("", maximum, "Yes", row.modified, "-", ""),
                ]
            )
    return path
