"""The cells of a submitted notebook: which released cell each one is, what runs of it, and where an answer is judged.

A student's program may have removed nbgrader's names from the metadata. Students change, copy, move and delete cells,
or turn them into text. The metadata helps to recognise cells; it never decides how they are graded.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from autograder.notebooks.released import CHECK, Released, bare_text, same_text
from autograder.submissions import demonstrations
from autograder.submissions.companions import Companions

type Kind = Literal["code", "markdown", "raw"]

HEADING = re.compile(r"^#+ .*$", re.MULTILINE)


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook.

    Attributes:
        grade_id: the nbgrader name of the released cell that this cell is; None if it is the student's own.
        beside: set if only a part of the cell runs: the released text of the locked cell that this part was added to.
    """

    source: str
    grade_id: str | None
    number: int
    kind: Kind = "code"
    beside: str | None = None


@dataclass(frozen=True)
class Work:
    """What runs of a submission, and what its author should know about the notebook.

    Attributes:
        places: where an exercise is judged, the first choice first, each as a number of cells that have run by then. An
            exercise without a place is judged at the end.
        path: the notebook that counts, if there are several.
        companions: files to put into the working directory.
    """

    cells: tuple[Cell, ...]
    notes: tuple[str, ...]
    places: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    path: Path | None = None
    companions: Companions = ()


def recognised(cells: Iterable[Cell], released: Released) -> list[Cell]:
    """The same cells, with the names of released cells: from the metadata, else from their content.

    A cell whose type was changed gets its released type back.
    """
    cells = list(cells)
    named = {cell.grade_id for cell in cells}
    texts = {
        bare_text(source): name
        for part in (released.given, released.checks)
        for name, source in part.items()
        if name not in named
    }
    defines = {name: _defines(name) for name in released.skeletons if name not in named}
    checks = {name: _checks(name.removeprefix(CHECK)) for name in released.checks if name not in named}

    def name_of(cell: Cell) -> str | None:
        if cell.grade_id or cell.kind != "code":
            return cell.grade_id
        if name := texts.get(bare_text(cell.source)):
            return name
        for patterns in (checks, defines):
            if name := next((name for name, pattern in patterns.items() if pattern.search(cell.source)), None):
                return name
        return None

    cells = [replace(cell, grade_id=name_of(cell)) for cell in cells]
    for name, question in released.written.items():
        if name not in named and (place := _answer(cells, question)) is not None:
            cells[place] = replace(cells[place], grade_id=name)
    return [_of_its_kind(cell, released, defines.values()) for cell in cells]


def _of_its_kind(cell: Cell, released: Released, answers: Iterable[re.Pattern[str]]) -> Cell:
    """A cell with its released type. Code in place of a text stays code if it answers an exercise."""
    if not cell.grade_id or cell.grade_id not in released:
        return cell
    if cell.kind == "code" and any(answer.search(cell.source) for answer in answers):
        return cell
    return replace(cell, kind=released.kind(cell.grade_id))


def work(cells: Iterable[Cell], released: Released) -> Work:
    """What runs of recognised cells, in order: given code as released, then what the student added to it.

    Self-check cells do not run: the grader tries their cases itself. Nor do demonstrations that nothing depends on.
    """
    code = [cell for cell in cells if cell.kind == "code"]
    unused = demonstrations.unused([cell.source for cell in code], released)
    code = [cell for place, cell in enumerate(code) if place not in unused]
    copies = Counter(cell.grade_id for cell in code if cell.grade_id in released.skeletons)
    run = list(_missing(code, released))
    missing = ", ".join(str(cell.grade_id) for cell in run)
    answered: dict[str, list[int]] = defaultdict(list)
    checked: dict[str, list[int]] = defaultdict(list)
    given: set[str] = set()
    for cell in code:
        name = cell.grade_id or ""
        if name in released.checks:
            run += _added(cell, released.checks[name])
            checked[name.removeprefix(CHECK)].append(len(run))
        elif name in released.given and name not in given:
            given.add(name)
            run += [replace(cell, source=released.given[name]), *_added(cell, released.given[name])]
        elif copies[name] > 1 and same_text(cell.source, released.skeletons[name]):
            pass  # an untouched copy must not undo the student's answer
        else:
            run.append(cell)
            if name in released.skeletons:
                answered[name].append(len(run))
    notes = [_twice(name, count, checked[name]) for name, count in copies.items() if name and count > 1]
    if missing:
        notes.append(f"These given cells were missing, and the grader ran them as released: {missing}.")
    places = {name: _places(answered[name], checked[name]) for name in (*released.skeletons, *checked)}
    return Work(tuple(run), tuple(notes), places)


def _twice(name: str, count: int, checked: list[int]) -> str:
    counts = "the version at its check counts" if checked else "the last one that you changed counts"
    return f"The cell {name} appears {count} times; {counts}."


def _places(answered: list[int], checked: list[int]) -> tuple[int, ...]:
    """Where an answer is judged: at its first check and at its last one; without a check, after its last cell."""
    below = [place for place in checked if not answered or place >= answered[0]] or answered[-1:]
    return tuple(dict.fromkeys((below[0], below[-1]))) if below else ()


def _missing(cells: list[Cell], released: Released) -> Iterator[Cell]:
    there = {cell.grade_id for cell in cells}
    return (Cell(source, name, 0) for name, source in released.given.items() if name not in there)


def _added(cell: Cell, text: str) -> list[Cell]:
    """What a student added to a locked cell; empty if the cell is unchanged."""
    return [] if same_text(cell.source, text) else [replace(cell, beside=text)]


def _defines(name: str) -> re.Pattern[str]:
    return re.compile(rf"^(?:async\s+)?(?:def|class)\s+{name}\b|^{name}\s*(?::[^=\n]*)?=(?!=)", re.MULTILINE)


def _checks(exercise: str) -> re.Pattern[str]:
    return re.compile(rf"""^\s*check\(\s*["']{exercise}["']""", re.MULTILINE)


def _answer(cells: list[Cell], question: str) -> int | None:
    """The place of the answer to a written question: the first text of the student's own below it."""
    headings = HEADING.findall(question)
    mark = headings[-1].strip() if headings else bare_text(question)
    asked = next((i for i, cell in enumerate(cells) if cell.kind != "code" and mark and mark in cell.source), None)
    if asked is None:
        return None
    if not bare_text(cells[asked].source).endswith(bare_text(question)[-20:]):
        return asked  # the answer is in the same cell
    below = (i for i, cell in enumerate(cells) if i > asked and not cell.grade_id and cell.source.strip())
    return next(below, None)
