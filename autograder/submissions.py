"""Finding submitted notebooks, and reading them without trusting them."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from autograder.errors import KitError
from autograder.released import Released

MAX_BYTES = 20_000_000
MAX_CELLS = 5_000


class SubmissionError(KitError):
    """The paths given do not name submissions; the message says what was expected."""


class UnreadableNotebook(Exception):
    """A submitted file is no notebook; the message says why, for its author."""


@dataclass(frozen=True, order=True)
class Submission:
    """A student's notebook, wherever it lies."""

    student: str
    path: Path


@dataclass(frozen=True)
class Cell:
    """A code cell to run. `grade_id` is the nbgrader name that it carries, if it carries one."""

    source: str
    grade_id: str | None
    number: int


@dataclass(frozen=True)
class Work:
    """What there is to run of a submission, and what its author should know about the notebook."""

    cells: tuple[Cell, ...]
    notes: tuple[str, ...]


def find(paths: Iterable[Path], assignment: str) -> list[Submission]:
    """The submissions of one assignment, one per student, in the order of their names.

    A path is a notebook, whose student is the file's name (or the folder's where the
    file is named as the assignment), or an nbgrader `submitted/` tree
    (`STUDENT/ASSIGNMENT/*.ipynb`), or a folder of notebooks.

    Raises:
        SubmissionError: nothing is there, or two notebooks belong to one student.
    """
    found: list[Submission] = []
    for path in paths:
        if not path.exists():
            raise SubmissionError(f"{path} does not exist")
        found += _in_folder(path, assignment) if path.is_dir() else [_single(path, assignment)]
    students = Counter(submission.student for submission in found)
    for student, count in students.items():
        if count > 1:
            twice = ", ".join(str(submission.path) for submission in found if submission.student == student)
            raise SubmissionError(f"{count} notebooks for the student {student}: {twice}")
    return sorted(found)


def read(path: Path, released: Released) -> Work:
    """The code cells to run, in order; given code as it was released.

    Self-check cells are left out: the grader tries their cases itself. What the
    notebook's metadata says is used to recognise cells, never to steer the grading.

    Raises:
        UnreadableNotebook: too large, not UTF-8, not JSON, or not a notebook.
    """
    cells = [cell for cell in _code_cells(path) if cell.grade_id not in released.checks]
    places = Counter(name for cell in cells if (name := cell.grade_id) in released.skeletons)
    notes = []
    for name, count in places.items():
        if count > 1:
            notes.append(f"The cell {name} is there {count} times; the last one that you changed counts.")
    run = [Cell(source, name, 0) for name, source in released.given.items() if name not in {c.grade_id for c in cells}]
    if run:
        notes.append(f"Given cells were missing and were run all the same: {', '.join(str(c.grade_id) for c in run)}.")
    for cell in cells:
        name = cell.grade_id or ""
        if places[name] > 1 and cell.source.strip() == released.skeletons[name].strip():
            continue  # an untouched copy must not undo the student's answer
        run.append(Cell(released.given.get(name, cell.source), cell.grade_id, cell.number))
    return Work(tuple(run), tuple(notes))


def _single(path: Path, assignment: str) -> Submission:
    own_name = path.stem != assignment
    return Submission(path.stem if own_name else path.resolve().parent.name, path)


def _in_folder(folder: Path, assignment: str) -> list[Submission]:
    loose = [_single(path, assignment) for path in _notebooks(folder)]
    tree = [
        Submission(student.name, _pick(student / assignment, assignment))
        for student in sorted(folder.iterdir())
        if (student / assignment).is_dir()
    ]
    if not loose and not tree:
        raise SubmissionError(
            f"no submission of {assignment} in {folder}: expected notebooks, or STUDENT/{assignment}/{assignment}.ipynb"
        )
    return loose + tree


def _pick(folder: Path, assignment: str) -> Path:
    """The notebook that counts in a student's folder; a path that cannot be read where there is none."""
    named = folder / f"{assignment}.ipynb"
    others = _notebooks(folder)
    return named if named.exists() or len(others) != 1 else others[0]


def _notebooks(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.ipynb") if not path.name.startswith("."))


def _code_cells(path: Path) -> list[Cell]:
    cells = _parse(path).get("cells")
    if not isinstance(cells, list):
        raise UnreadableNotebook("the file is JSON but not a notebook: it has no list of cells")
    if len(cells) > MAX_CELLS:
        raise UnreadableNotebook(f"the notebook has {len(cells)} cells; at most {MAX_CELLS} are read")
    return [
        Cell(_source(cell), _grade_id(cell), number)
        for number, cell in enumerate(cells, start=1)
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    ]


def _parse(path: Path) -> Any:
    if not path.is_file():
        others = ", ".join(other.name for other in path.parent.iterdir()) if path.parent.is_dir() else ""
        raise UnreadableNotebook(f"{path.name} was not handed in" + (f"; the folder holds: {others}" if others else ""))
    if path.stat().st_size > MAX_BYTES:
        size = f"{path.stat().st_size / 1e6:.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read"
        raise UnreadableNotebook(f"the file has {size}: clear its outputs")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableNotebook("the file is not UTF-8 text: it may be another kind of file") from error
    try:
        notebook = json.loads(text)
        if notebook["nbformat"] < nbformat.current_nbformat:
            notebook = nbformat.convert(nbformat.reader.reads(text), nbformat.current_nbformat)
    except Exception as error:  # a broken file can fail in any way
        raise UnreadableNotebook(
            f"the file is not a valid notebook ({type(error).__name__}): it may have been cut off or edited by hand"
        ) from error
    return notebook


def _source(cell: dict) -> str:
    source = cell.get("source", "")
    text = "".join(map(str, source)) if isinstance(source, list) else str(source)
    return text.encode("utf-8", "replace").decode()  # JSON may hold half a surrogate pair


def _grade_id(cell: dict) -> str | None:
    metadata = cell.get("metadata")
    tag = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = tag.get("grade_id") if isinstance(tag, dict) else None
    return name if isinstance(name, str) else None
