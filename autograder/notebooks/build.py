"""Build notebooks from `assignments/NAME.md` and `reference/NAME.py`, and the files beside them.

The Markdown marks places:

- A fenced block with `exercise="e_step"` becomes two cells: the reference function, from which nbgrader makes the
  student's skeleton, and its self-check.
- A fenced block with `given="setup"` becomes locked code.
- A region with `written="written_em"` becomes a written question.

Texts and given code may contain placeholders:

- `{{start}}`: the code that gets the files that belong to the notebook (`start`).
- `{{working}}`: advice on working in the notebook.
- `{{limits}}`: the limits while grading.
- `{{points}}`: the table of points. `{{points NAME}}`: the points of one exercise.
"""

import importlib
import importlib.metadata
import inspect
import json
import re
import shutil
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jupytext
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbformat.warnings import DuplicateCellId

from autograder import libraries, paths
from autograder.errors import BuildError
from autograder.exercises import Assignment, Case, Exercise, Variant, Written
from autograder.exercises.truth import expected, given_by, keep, prepare
from autograder.limits import USUAL
from autograder.notebooks import start
from autograder.notebooks.released import check_id
from autograder.student.selfcheck import codec
from autograder.student.selfcheck.rules.drawings import Curves, Points, changes

NBGRADER_SCHEMA = 3
INSTALL = "install"  # the name of the first cell
WORKING = """\
Write each function where it says `YOUR CODE HERE`, in any style: JAX, NumPy, SciPy, plain Python loops. Then run
the check below it. In a second or two it tries your function on a few examples, says which are right, and, for a
wrong one, shows your answer beside the right one and gives a hint. If the check of an exercise fails again, it gives
a closer hint. Hidden examples are tried when the notebook is graded: other numbers and sizes, and extreme values.
Later functions may call earlier ones.

Only what a function returns counts, within the rounding of float32. An array of JAX or NumPy, a list or a number
will do, of any float or integer type. Its shape must be right and its numbers finite. Several results come back as
a tuple, in the order that the docstring gives.

**Predict** marks a question for you. Answer it before you run the cell below it. Cells that need one of your
functions say so.

Whenever you open this notebook or restart its kernel, run the cells from the top again. The first cells get the
self-check, the imports and the data; on Colab and Kaggle, the first one also installs the libraries. On your own
computer you need Python {pythons} and the libraries in `requirements.txt`, which is in the zip with this notebook:
`pip install -r requirements.txt`."""
LIMITS = """\
**How your notebook is graded.** It is run from top to bottom, on a machine without a network, a GPU or other programs.
A function is judged in the version that exists at its check cell. A line that fails does not stop the lines below it.
These limits hold:

- A cell may use {cell} seconds of processor time. A cell that takes longer is interrupted; what it has defined stays.
- One call of a function may use {call} seconds{more}. The check tells you when a call comes near its limit.
- All together may use {memory} GB of memory.
- You can import {libraries}, and the Python standard library. If you need a module or a data file of
  your own, hand it in together with the notebook."""
PLACE = re.compile(r"\{\{([a-z_ ]+)\}\}")
SOLUTION_MARK = re.compile(r"^\s*### (BEGIN|END) SOLUTION\n?", re.MULTILINE)


def source_notebook(assignment: Assignment, *, url: str = "") -> NotebookNode:
    """The instructor's notebook: text, given code, solutions between nbgrader's marks, self-checks.

    Args:
        url: the address where the released files will be, if it is known; the notebook then fetches its files from
            there.

    Raises:
        BuildError: an exercise has no place in the text, a place has no exercise, or a placeholder is unknown;
            or `url` is not an address.
    """
    notebook = _read_text(assignment)
    exercises = {exercise.name: exercise for exercise in assignment.exercises}
    badge = start.badge(url, assignment.name)
    cells = [new_markdown_cell(badge)] if badge else []
    for cell in notebook.cells:
        cell.source = _filled_in(cell.source, assignment, url)
        match dict(cell.metadata):
            case {"exercise": name}:
                cells += _exercise_cells(assignment, _take(exercises, name))
            case {"written": name}:
                cells.append(_tagged(cell, name, grade=True, solution=True, points=_take(exercises, name).points))
            case {"given": name}:
                cells.append(_tagged(cell, name, locked=True))
                if name == INSTALL:
                    cells[-1].metadata.update(start.METADATA)
            case _:
                cell.metadata = {}
                cells.append(cell)
    if exercises:
        raise BuildError(f"{assignment.name}.md has no place for: {', '.join(exercises)}")
    for number, cell in enumerate(cells):
        cell.id = cell.metadata.get("nbgrader", {}).get("grade_id", f"text-{number:02d}")
    notebook.cells = cells
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return notebook


def solution_notebook(assignment: Assignment) -> NotebookNode:
    """The notebook with all answers, without nbgrader's marks around them."""
    notebook = source_notebook(assignment)
    for cell in notebook.cells:
        cell.source = SOLUTION_MARK.sub("", cell.source)
    return notebook


def write_bundle(assignment: Assignment, folder: Path) -> None:
    """Write the files that lie beside the notebook: the self-check, its public cases, the requirements."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(
        paths.SELFCHECK, folder / "selfcheck", dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__")
    )
    checks = json.dumps(public_checks(assignment), separators=(",", ":"), allow_nan=False)
    (folder / f"{assignment.name}.json").write_text(checks + "\n", encoding="utf-8")
    (folder / "requirements.txt").write_text("\n".join(requirements(assignment)) + "\n", encoding="utf-8")


def public_checks(assignment: Assignment) -> dict[str, Any]:
    """The data of a notebook's self-check, to be written as JSON.

    It has the visible cases (arguments, expected values, known mistakes, hints), and the numbers that the notebook's
    given pictures show.
    """
    prepare(assignment)
    public = {exercise.name: _public_exercise(exercise) for exercise in assignment.graded}
    keep(assignment)
    return {"assignment": assignment.name, "exercises": public, "pictures": codec.encode(assignment.pictures())}


def requirements(assignment: Assignment, *, own_widgets: bool = False) -> list[str]:
    """The libraries that a student's notebook needs, at the versions that the kit pins.

    Args:
        own_widgets: the notebook's host has its own library for sliders, as Colab does.
    """
    # jaxlib computes the numbers, and jax allows several versions of it.
    shown_with = () if own_widgets else libraries.SHOWN_WITH
    needed = {"jaxlib", *shown_with, *libraries.ALWAYS, *(name.replace("_", "-") for name in assignment.libraries)}
    pins = importlib.metadata.requires(paths.DISTRIBUTION) or []
    return [pin for pin in pins if pin.split("==")[0] in needed]


def _read_text(assignment: Assignment) -> NotebookNode:
    with warnings.catch_warnings():
        # jupytext gives cells random 32-bit ids, and two of them can be equal. `source_notebook` gives new ids.
        warnings.simplefilter("ignore", DuplicateCellId)
        return jupytext.read(paths.ASSIGNMENT_TEXTS / f"{assignment.name}.md")


def _filled_in(text: str, assignment: Assignment, url: str) -> str:
    """The text with its placeholders replaced."""

    def known(place: re.Match[str]) -> str:
        points = {exercise.name: str(exercise.points) for exercise in assignment.exercises}
        match place[1].split():
            case ["start"]:
                address = start.zip_address(url, assignment.name) if url else ""
                return start.cell(assignment, requirements(assignment, own_widgets=True), address)
            case ["working"]:
                return WORKING.format(pythons=" or ".join(start.PYTHONS))
            case ["limits"]:
                return _limits(assignment)
            case ["points"]:
                return _points_table(assignment)
            case ["points", name] if name in points:
                return points[name]
        raise BuildError(f"{assignment.name}.md: the placeholder {place[0]} is unknown")

    return PLACE.sub(known, text)


def _limits(assignment: Assignment) -> str:
    """The text that tells students how their notebook runs when it is graded, and within which limits."""
    usual = min(exercise.seconds for exercise in assignment.graded)
    longer: dict[int, list[str]] = {}
    for exercise in assignment.graded:
        if exercise.seconds > usual:
            longer.setdefault(exercise.seconds, []).append(f"`{exercise.name}`")
    more = "".join(f"; {', '.join(names)}: {seconds} seconds" for seconds, names in sorted(longer.items()))
    return LIMITS.format(
        cell=USUAL.cell_seconds,
        call=usual,
        more=more,
        memory=USUAL.memory_bytes // 2**30,
        libraries=", ".join(f"`{name}`" for name in sorted({*libraries.ALWAYS, *assignment.libraries})),
    )


def _points_table(assignment: Assignment) -> str:
    rows = [("exercise", "points"), ("---", "---")]
    for exercise in assignment.exercises:
        title = "a written question" if isinstance(exercise, Written) else f"`{exercise.name}`"
        rows.append((title, str(exercise.points)))
    rows.append(("together", str(assignment.points)))
    return "\n".join(f"| {title} | {points} |" for title, points in rows)


def _public_exercise(exercise: Exercise) -> dict[str, Any]:
    visible = [(aspect, case) for aspect in exercise.aspects for case in aspect.cases if case.visible]
    # The draws of a known mistake would make the file too large.
    naming = [case for _, case in visible if not case.seeded]
    return {
        "seconds": exercise.seconds,
        "cases": [
            {
                "name": case.name,
                "hint": aspect.hint,
                "closer": aspect.closer,
                "rule": codec.encode_rule(exercise.rule_of(case)),
                "probe": codec.encode_probe(aspect.probe),
                "seeds": [
                    {
                        "args": codec.encode(case.arguments(seed)),
                        "expected": codec.encode(expected(exercise, case, seed)),
                    }
                    for seed in range(case.seeds)
                ],
            }
            for aspect, case in visible
        ],
        "mistakes": [
            {
                "name": mistake.name,
                "says": mistake.says,
                "hint": mistake.hint,
                "closer": mistake.closer,
                "rounding": mistake.rounding,
                "returns": _distinct(_returned(exercise, variant, naming) for variant in mistake.variants),
            }
            for mistake in (exercise.mistakes if naming else ())
        ],
        "together": [
            {
                "mistakes": [mistake.name for mistake in both.mistakes],
                "returns": _returned(exercise, both.variant, naming),
            }
            for both in (exercise.together if naming else ())
        ],
    }


def _distinct(returned: Iterable[Any]) -> list[Any]:
    """Remove duplicates: two forms of a mistake may return the same values on the public cases."""
    return [*{json.dumps(value): value for value in returned}.values()]


def _returned(exercise: Exercise, variant: Variant, cases: list[Case]) -> Any:
    """The values that a wrong variant returns, by case; cases on which it raises are left out."""
    values = {case.name: given_by(exercise, variant, case) for case in cases}
    for case in cases:
        if isinstance(exercise.rule_of(case), Curves | Points):  # a whole figure would be longer than all other cases
            values[case.name] = changes(values[case.name], expected(exercise, case))
    return codec.encode({name: value for name, value in values.items() if value is not None})


def _exercise_cells(assignment: Assignment, exercise: Exercise) -> list[NotebookNode]:
    reference = getattr(importlib.import_module(f"reference.{assignment.name}"), exercise.name)
    # A GenJAX generative function holds the Python function that it was made from.
    function = reference if inspect.isfunction(reference) else reference.source.value
    answer = _tagged(new_code_cell(inspect.getsource(function).rstrip()), exercise.name, solution=True)
    check = new_code_cell(f'check("{exercise.name}", {exercise.name})')
    return [answer, _tagged(check, check_id(exercise.name), grade=True, locked=True, points=exercise.points)]


def _tagged(cell: NotebookNode, grade_id: str, *, grade=False, solution=False, locked=False, points=0) -> NotebookNode:
    tag = {
        "schema_version": NBGRADER_SCHEMA,
        "grade_id": grade_id,
        "cell_type": cell.cell_type,
        "grade": grade,
        "solution": solution,
        "locked": locked,
        "task": False,
    }
    cell.metadata = {"nbgrader": tag | ({"points": points} if grade else {})}
    return cell


def _take(exercises: dict[str, Any], name: str) -> Any:
    if name not in exercises:
        raise BuildError(f"the text has a place for {name!r}: this exercise is unknown, or it has two places")
    return exercises.pop(name)
