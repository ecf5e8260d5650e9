"""Finding submitted notebooks, and reading them without trusting them."""

import hashlib
import json
import os
import re
import stat
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from autograder.cells import Cell, Work, recognised, work
from autograder.errors import KitError
from autograder.released import Released

MAX_BYTES = 20_000_000
MAX_CELLS = 5_000
MAX_NAME = 100  # bytes: nbgrader's gradebook holds 128, and a file's name is longer than its student's
MAX_LISTED = 5
KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
BEGINNINGS = {b"PK\x03\x04": "a zip archive", b"%PDF": "a PDF", b"<": "a web page"}


class SubmissionError(KitError):
    """The paths given do not name submissions; the message says what was expected."""


class UnreadableNotebook(Exception):
    """A submitted file is no notebook; the message says why, for its author."""


@dataclass(frozen=True, order=True)
class Submission:
    """A student's notebook, wherever it lies."""

    student: str
    path: Path


def find(paths: Iterable[Path], assignment: str) -> list[Submission]:
    """The submissions of one assignment, one per student, in the order of their names.

    A path is a notebook, whose student is the file's name (or the folder's where the
    file is named as the assignment), or an nbgrader `submitted/` tree
    (`STUDENT/ASSIGNMENT/*.ipynb`), or a folder of notebooks.

    Links in there are found but not followed: they may lead to another student's work.
    The paths that come back are absolute: they are looked at again later, from wherever a command is run then.

    Raises:
        SubmissionError: nothing is there, or two notebooks belong to one student.
    """
    found: list[Submission] = []
    for path in paths:
        if not os.path.lexists(path):
            raise SubmissionError(f"{legible(path)} does not exist")
        # A folder may be named as a notebook; then it is somebody's mistake, not a class.
        is_class = path.is_dir() and path.suffix != ".ipynb"
        found += _in_folder(path, assignment) if is_class else [_single(path, assignment)]
    students = Counter(submission.student for submission in found)
    for student, count in students.items():
        if count > 1:
            twice = ", ".join(legible(submission.path) for submission in found if submission.student == student)
            raise SubmissionError(f"{count} notebooks for the student {student}: {twice}")
    return sorted(Submission(one.student, one.path.absolute()) for one in found)


def read(path: Path, released: Released) -> Work:
    """What there is to run of a submitted notebook.

    Raises:
        UnreadableNotebook: not a file, too large, not UTF-8, not JSON, or not a notebook.
    """
    return work(cells(path, released), released)


def cells(path: Path, released: Released) -> list[Cell]:
    """All cells of a notebook, as they were handed in, with the names of the released ones.

    Raises:
        UnreadableNotebook: not a file, too large, not UTF-8, not JSON, or not a notebook.
    """
    found = [
        Cell(_source(cell), _grade_id(cell, released), number, kind)
        for number, cell in enumerate(_cells(path), start=1)
        if isinstance(cell, dict) and (kind := cell.get("cell_type")) in ("code", "markdown", "raw")
    ]
    return recognised(found, released)


def content(path: Path) -> bytes:
    """The bytes of a submitted file, which may be missing, or anything but a file.

    Raises:
        UnreadableNotebook: there is no file to read, or it is too large.
    """
    name = legible(path.name)
    try:
        status = path.lstat()
        if kind := KINDS.get(stat.S_IFMT(status.st_mode)):
            raise UnreadableNotebook(f"{name} was not handed in: it is {kind}, and should be a notebook file")
        if status.st_size > MAX_BYTES:
            size = f"{status.st_size / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read"
            raise UnreadableNotebook(f"the file has {size}: clear its outputs")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UnreadableNotebook(f"{name} was not handed in{_beside(path)}") from error
    except OSError as error:
        raise UnreadableNotebook(f"{name} could not be opened: {error.strerror}") from error


def legible(name: object) -> str:
    """A file's name or path as a page or a terminal can show it: short, and without control characters."""
    text = str(name)
    shown = "".join(letter if letter.isprintable() else "�" for letter in text)
    return shown if len(shown) <= 2 * MAX_NAME else f"{shown[:MAX_NAME]}…{shown[-MAX_NAME:]}"


def _single(path: Path, assignment: str) -> Submission:
    if path.stem != assignment:
        return Submission(_student(path.stem), path)
    whole = Path(os.path.abspath(path))  # noqa: PTH100 (follows no links)
    folder = whole.parent
    student = folder.parent if folder.name == assignment and folder.parent.name else folder
    return Submission(_student(student.name or path.stem), _unlinked(student, folder) or path)


def _in_folder(folder: Path, assignment: str) -> list[Submission]:
    try:
        students = sorted(folder.iterdir())
    except OSError as error:
        raise SubmissionError(f"{legible(folder)} could not be opened: {error.strerror}") from error
    loose = [_single(path, assignment) for path in _notebooks(folder)]
    tree = [
        Submission(
            _student(student.name), _unlinked(student, student / assignment) or _pick(student / assignment, assignment)
        )
        for student in students
        if _is_there(student / assignment)
    ]
    if not loose and not tree:
        raise SubmissionError(
            f"no submission of {assignment} in {legible(folder)}: "
            f"expected notebooks, or STUDENT/{assignment}/{assignment}.ipynb"
        )
    return loose + tree


def _student(name: str) -> str:
    """A student's name from a file's: one that a folder, a page, a terminal and the gradebook can hold.

    Nearly always the name as it is. What is invisible, or leads elsewhere, is written as in a web address.
    """
    visible = "".join(
        letter if letter.isprintable() else quote(letter.encode("utf-8", "surrogateescape")) for letter in name
    )
    safe = re.sub(r"^[.\- ]|[. ]$", lambda match: f"%{ord(match[0]):02X}", visible)
    if len(safe.encode()) <= MAX_NAME:
        return safe
    digest = hashlib.sha256(safe.encode()).hexdigest()[:8]
    return f"{safe.encode()[: MAX_NAME - 9].decode(errors='ignore')}-{digest}"


def _unlinked(*folders: Path) -> Path | None:
    """The first of a student's folders that is a link, for `read` to refuse."""
    try:
        return next((folder for folder in folders if folder.is_symlink()), None)
    except PermissionError:
        return None


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except PermissionError:
        return True  # to be told, not to be passed over
    except OSError:
        return False
    return True


def _pick(folder: Path, assignment: str) -> Path:
    """The notebook that counts in a student's folder; a path that cannot be read where there is none."""
    named = folder / f"{assignment}.ipynb"
    others = _notebooks(folder)
    return named if _is_there(named) or len(others) != 1 else others[0]


def _notebooks(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".ipynb" and not path.name.startswith("."))
    except OSError:
        return []


def _cells(path: Path) -> list[Any]:
    """All that the notebook has for cells; nothing about them is certain."""
    match _parsed(content(path)):
        case {"cells": list() as cells}:
            pass
        case {"worksheets": list() as sheets}:  # before version 4 of the format
            cells = [cell for sheet in sheets for cell in _listed(sheet)]
        case _:
            raise UnreadableNotebook("the file is JSON but not a notebook: it has no list of cells")
    if len(cells) > MAX_CELLS:
        raise UnreadableNotebook(f"the notebook has {len(cells)} cells; at most {MAX_CELLS} are read")
    return cells


def _listed(sheet: Any) -> list[Any]:
    cells = sheet.get("cells") if isinstance(sheet, dict) else None
    return cells if isinstance(cells, list) else []


def _beside(path: Path) -> str:
    """What lies where the notebook should, for a message."""
    try:
        others = sorted(legible(other.name) for other in path.parent.iterdir())
    except OSError:
        return ""
    more = f" and {len(others) - MAX_LISTED} more" if len(others) > MAX_LISTED else ""
    return f"; the folder holds: {', '.join(others[:MAX_LISTED])}{more}" if others else ""


def _parsed(content: bytes) -> Any:
    start = content[:1000].lstrip()
    for beginning, kind in BEGINNINGS.items():
        if start.startswith(beginning):
            raise UnreadableNotebook(f"the file is {kind}, not a notebook: hand in the .ipynb file itself")
    if not content.strip():
        raise UnreadableNotebook("the file is empty, not a valid notebook: save the notebook before you hand it in")
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableNotebook("the file is not UTF-8 text: it may be another kind of file") from error
    except json.JSONDecodeError as error:
        why = f"its JSON breaks at line {error.lineno}, column {error.colno}"
        raise UnreadableNotebook(
            f"the file is not a valid notebook: {why}; it may have been cut off or edited by hand: "
            "if Jupyter does not open it either, copy your answers into the released notebook"
        ) from error
    except RecursionError as error:
        raise UnreadableNotebook("the file is not a valid notebook: its JSON is nested too deep") from error
    except ValueError as error:  # what Python does not turn into a number
        raise UnreadableNotebook("the file is not a valid notebook: a number in it has too many digits") from error


def _source(cell: dict) -> str:
    """The cell's text; empty where it has none that is text, which no notebook program writes."""
    match cell.get("source", cell.get("input")):
        case str() as text:
            pass
        case list() as lines:
            text = "".join(line for line in lines if isinstance(line, str))
        case _:
            text = ""
    return text.encode("utf-8", "replace").decode()  # JSON may hold half a surrogate pair


def _grade_id(cell: dict, known: Released) -> str | None:
    """The name of a released cell; other names are the student's own, and mean nothing."""
    metadata = cell.get("metadata")
    tag = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = tag.get("grade_id") if isinstance(tag, dict) else None
    return name if isinstance(name, str) and name in known else None
