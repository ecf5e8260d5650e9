"""Canvas: names as `lib/content_zipper.rb` makes them, and the lists that Canvas exports."""

import csv
import re
from collections.abc import Iterable
from pathlib import Path

from .people import Member


def entry(sortable: str, user: int, file: int, name: str, *, late: bool = False, anonymous: str = "") -> str:
    """The name of an uploaded file in "Download Submissions"."""
    return f"{_prefix(sortable, user, late=late, anonymous=anonymous)}_{file}_{re.sub(r'[\x00/:*?\"<>|]+', '_', name)}"


def typed(sortable: str, user: int, *, late: bool = False, link: bool = False) -> str:
    """The name of a file with typed text."""
    return f"{_prefix(sortable, user, late=late)}_{'link' if link else 'text'}.html"


def _prefix(sortable: str, user: int, *, late: bool, anonymous: str = "") -> str:
    called = re.sub(r"_(\d+)_", r"\1", sortable).lower()
    parts = [*([] if anonymous else [called]), *(["LATE"] if late else [])]
    parts.append(f"anon_{anonymous}" if anonymous else str(user))
    # Ruby's [[:word:]]: letters, marks, numbers, connectors.
    return re.sub(r"[^\w\u0300-\u036f]", "", "_".join(parts))


def user_and_file(path: str, groups: Iterable[str] = ()) -> tuple[str, str]:
    """The user and the file that Canvas reads from a name: `infer_comment_context_from_filename`."""
    base = path.rpartition("/")[2]
    group = next((known for known in groups if base.startswith(f"{known}_")), "")
    words = [word for word in base.removeprefix(f"{group}_").split("_") if word != "LATE"]
    if words[0] == "anon":
        return words[1], words[2]
    user, file, *_ = (word for word in words if re.fullmatch(r"\d+", word))
    return user, file


def gradebook(path: Path, members: Iterable[Member], *, column: str = "Toy (302)", points: str = "9") -> Path:
    """Grades, Export Entire Gradebook."""
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", column]
    rows = [[member.sortable, member.canvas, member.number, member.email, "GMM-1", ""] for member in members]
    above = [["", "", "", "", "", "Manual Posting"], ["    Points Possible", "", "", "", "", points]]
    test = ["Student, Test", 999, "", "a3f5c0", "GMM-1", ""]
    return _csv(path, [header, *above, *rows, test])


def groups(path: Path, members: Iterable[tuple[Member, str]]) -> Path:
    """People, Groups, Download Course Roster CSV."""
    header = ["name", "canvas_user_id", "user_id", "login_id", "sections", "group_name", "canvas_group_id", "group_id"]
    rows = [
        [member.sortable, member.canvas, member.number, member.email, "GMM-1", group, 7, ""]
        for member, group in members
    ]
    return _csv(path, [header, *rows])


def _csv(path: Path, rows: list[list]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path
