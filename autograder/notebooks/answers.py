"""Right answers to the exercises: the reference, and scripts of students whose answers are right.

A script is `autograder/exercises/ASSIGNMENT/answers/NAME.py`: the notebook of such a student in percent format. `# %%
NAME` begins the cell of the exercise NAME, `# %% scratch` begins a cell that the student added, and `# %% NAME
[markdown]` begins a written answer. `# %% scratch from ASSIGNMENT/NAME` adds a cell with all the code of another
script, as a student does who goes on with functions of an earlier notebook. Comments at the top describe the student's
style. The audit, the tests and the sample class all use these scripts. Student code never sees them, neither in a
release nor while it is graded.
"""

import hashlib
import importlib
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from autograder import exercises, paths
from autograder.errors import AnswerError
from autograder.notebooks.build import INSTALL, source_notebook
from autograder.notebooks.released import read
from autograder.student.selfcheck.values import Base, Prior, map_leaves

REFERENCE = "reference"
QUICK = "quick"  # the script of the fastest answers; if it has an answer, the audit runs that answer most often
HEADER = re.compile(r"^# %% (.+)$", re.MULTILINE)
SCRATCH, MARKDOWN = "scratch", " [markdown]"
FROM = f"{SCRATCH} from "


@dataclass(frozen=True)
class Cell:
    """A cell of a script: the text of its header, the number of the line below the header, and the text from there.

    A cell that is taken from another script has the header `scratch` and the text of all cells of that script.
    """

    header: str
    line: int
    text: str


@dataclass(frozen=True)
class Script:
    """A script, cell by cell. The header of a cell is its exercise, or `scratch`."""

    assignment: str
    name: str
    cells: tuple[Cell, ...]

    @property
    def path(self) -> Path:
        return paths.answers(self.assignment) / f"{self.name}.py"

    @property
    def exercises(self) -> tuple[str, ...]:
        """The exercises that the script answers, in the order of its cells."""
        return tuple(cell.header for cell in self.cells if cell.header != SCRATCH)


def split(text: str) -> tuple[str, list[Cell]]:
    """The text above the first cell of a script in percent format, and its cells."""
    top, *parts = HEADER.split(text)
    cells, line = [], top.count("\n") + 1
    for header, body in zip(parts[::2], parts[1::2], strict=True):
        cells.append(Cell(header, line + 1, body.removeprefix("\n")))
        line += body.count("\n")
    return top, cells


@cache
def scripts(assignment: str) -> tuple[Script, ...]:
    """The scripts of an assignment, by name.

    Raises:
        AnswerError: the exercise of a cell is unknown, or has a cell already; or there is code above the first cell.
    """
    return tuple(_read(assignment, path) for path in sorted(paths.answers(assignment).glob("*.py")))


@cache
def load(script: Script) -> dict[str, Callable[..., Any]]:
    """Run the cells of a script after the given cells of the notebook. Return its functions, by exercise.

    Raises:
        AnswerError: a cell fails, or does not define its exercise.
    """
    names: dict[str, Any] = {"__name__": "__main__"}
    with _selfcheck():
        for cell in given(script.assignment):
            exec(cell, names)
        for cell in script.cells:
            try:
                # The empty lines before the cell make tracebacks show the line of the file.
                exec(compile("\n" * (cell.line - 1) + cell.text, script.path, "exec"), names)
            except (Exception, SystemExit) as error:
                problem = f"the cell {cell.header} raises {type(error).__name__}: {error}"
                raise AnswerError(f"{_place(script.assignment, script.path)}: {problem}") from error
    for name in script.exercises:
        if not callable(names.get(name)):
            raise AnswerError(f"{_place(script.assignment, script.path)}: the cell {name} defines no function {name}")
    return {name: names[name] for name in script.exercises}


@cache
def given(assignment: str) -> tuple[CodeType, ...]:
    """The given cells of an assignment's notebook, compiled; not the first one, which gets what lies beside it."""
    cells = read(source_notebook(exercises.load(assignment))).given
    return tuple(compile(text, f"<{assignment}: {name}>", "exec") for name, text in cells.items() if name != INSTALL)


def names(assignment: str, exercise: str) -> list[str]:
    """The right answers to an exercise: the quick one, the reference, then the others by name."""
    found = [script.name for script in scripts(assignment) if exercise in script.exercises]
    return sorted([REFERENCE, *found], key=lambda name: (name != QUICK, name != REFERENCE, name))


def answer(assignment: str, name: str, exercise: str) -> Callable[..., Any]:
    """A right answer to an exercise, by a name of `names`."""
    if name == REFERENCE:
        return getattr(importlib.import_module(f"reference.{assignment}"), exercise)
    return load(next(script for script in scripts(assignment) if script.name == name))[exercise]


def in_float64(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as in a notebook where JAX has 64 bits: its arrays of floats are float64."""
    import jax  # imported here: listing scripts does not need it

    def wide(leaf: Any) -> Any:
        is_float = isinstance(leaf, jax.Array) and jax.numpy.issubdtype(leaf.dtype, jax.numpy.floating)
        return jax.numpy.asarray(leaf, float) if is_float else leaf

    @wraps(function)
    def call(*args: Any) -> Any:
        with jax.enable_x64(True):
            return function(*(map_leaves(wide, arg) for arg in args))

    return call


def digest(assignment: str) -> str:
    """The hash of the scripts of an assignment."""
    return hashlib.sha256(repr(scripts(assignment)).encode()).hexdigest()


def _read(assignment: str, path: Path) -> Script:
    top, cells = split(path.read_text(encoding="utf-8"))
    place = _place(assignment, path)
    if any(line and not line.startswith("#") for line in top.splitlines()):
        raise AnswerError(f"{place}: above the first cell there may be comments only")
    code = tuple(_with_code(cell, place) for cell in cells if not cell.header.endswith(MARKDOWN))
    known = {exercise.name for exercise in exercises.load(assignment).graded}
    seen = {SCRATCH}
    for cell in code:
        if cell.header != SCRATCH and cell.header not in known:
            raise AnswerError(f"{place}, line {cell.line - 1}: {assignment} has no exercise {cell.header!r}")
        if cell.header != SCRATCH and cell.header in seen:
            raise AnswerError(f"{place}, line {cell.line - 1}: {cell.header} has a cell already")
        seen.add(cell.header)
    if seen == {SCRATCH}:
        raise AnswerError(f"{place}: answers no exercise")
    return Script(assignment, path.stem, code)


def _with_code(cell: Cell, place: str) -> Cell:
    """The cell; if it is taken from another script, with the code of that script."""
    if not cell.header.startswith(FROM):
        return cell
    assignment, _, name = (source := cell.header.removeprefix(FROM)).partition("/")
    path = paths.answers(assignment) / f"{name}.py"
    if not path.exists():
        raise AnswerError(f"{place}, line {cell.line - 1}: there is no script {source!r}")
    _, others = split(path.read_text(encoding="utf-8"))
    return Cell(SCRATCH, cell.line, "\n\n".join(other.text for other in others if not other.header.endswith(MARKDOWN)))


def _place(assignment: str, path: Path) -> str:
    return f"{assignment}/answers/{path.name}"


class _Silent:
    """Replaces the self-check and the pictures, and does nothing."""

    def __init__(self, assignment: str) -> None:
        del assignment

    def __call__(self, *args: Any, **options: Any) -> None:
        pass

    def needs(self, *names: str) -> bool:
        del names
        return False


@contextmanager
def _selfcheck() -> Iterator[None]:
    """Let cells import a self-check that needs no files beside the notebook."""
    before = sys.modules.get("selfcheck")
    module = ModuleType("selfcheck")
    vars(module).update(Base=Base, Prior=Prior, Checks=_Silent, Pictures=_Silent)
    sys.modules["selfcheck"] = module
    try:
        yield
    finally:
        del sys.modules["selfcheck"]
        if before:
            sys.modules["selfcheck"] = before
