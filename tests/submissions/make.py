"""Rebuild the sample class: released notebooks, filled in by scripts of students.

    uv run python -m tests.submissions.make

The students who are right have scripts among the right answers (`autograder/exercises/ASSIGNMENT/answers`), the others
here (`answers/ASSIGNMENT/STUDENT.py`). A script is in percent format. `# %% NAME` replaces the cell NAME (with
`[markdown]`, its lines without the leading `# `); `# %% scratch` adds a cell before the next one; `# %% delete NAME`,
`# %% duplicate NAME` (an untouched copy after the answer), `# %% tag NAME TAG` and `# %% cut-off` (half of the file is
lost) do what they say.
"""

import copy
import re
import tempfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder import exercises, paths
from autograder.course.folder import Course
from autograder.course.release import create_course, generate_release
from autograder.notebooks import answers, build

HERE = Path(__file__).parent
RIGHT = ("ada", "bilal", "chiara", "dmitri", "esi")
"""The students who are right, where an assignment has them."""


def fill_in(released: NotebookNode, answer: str) -> str:
    """A student's notebook file: the released one with an answer written into it."""
    notebook = copy.deepcopy(released)
    cells = notebook.cells
    scratch: list[NotebookNode] = []
    cut_off = False
    for cell in answers.split(answer)[1]:
        header, body = cell.header, cell.text
        command, *names = header.removesuffix(answers.MARKDOWN).split()
        if command == answers.SCRATCH:
            scratch.append(new_code_cell(body.strip(), id=f"scratch-{len(cells)}-{len(scratch)}"))
            continue
        if command == "cut-off":
            cut_off = True
            continue
        place = _place(cells, names[0] if names else command)
        if command == "delete":
            del cells[place]
        elif command == "duplicate":
            again = copy.deepcopy(released.cells[_place(released.cells, names[0])])
            again.id = f"{names[0]}-again"
            cells.insert(place + 1, again)
        elif command == "tag":
            cells[place].metadata["tags"] = names[1:]
        else:
            written = header.endswith(answers.MARKDOWN)
            cells[place].source = re.sub(r"^# ?", "", body.strip(), flags=re.MULTILINE) if written else body.strip()
            cells[place:place], scratch = scratch, []
    cells.extend(scratch)
    text = nbformat.writes(notebook) + "\n"
    return text[: len(text) // 2] if cut_off else text


def make(assignment: exercises.Assignment) -> dict[str, str]:
    """The notebook files of an assignment's sample class, by student."""
    with tempfile.TemporaryDirectory() as scratch:
        released = _released(assignment, create_course(Path(scratch)))
    right = (paths.answers(assignment.name) / f"{student}.py" for student in RIGHT)
    scripts = [*filter(Path.exists, right), *sorted((HERE / "answers" / assignment.name).glob("*.py"))]
    return {path.stem: fill_in(released, path.read_text(encoding="utf-8")) for path in scripts}


def _released(assignment: exercises.Assignment, course: Course) -> NotebookNode:
    """The notebook that a student receives. The files beside it, which take long to make, are left out."""
    name = f"{assignment.name}.ipynb"
    source = course.source(assignment.name)
    source.mkdir(parents=True)
    nbformat.write(build.source_notebook(assignment), source / name)
    generate_release(course, assignment.name, gradebook=False)
    return nbformat.read(course.release(assignment.name) / name, as_version=4)


def _place(cells: list[NotebookNode], name: str) -> int:
    return next(i for i, cell in enumerate(cells) if cell.metadata.get("nbgrader", {}).get("grade_id") == name)


def main() -> None:
    for name in paths.ASSIGNMENTS:
        for student, text in make(exercises.load(name)).items():
            path = HERE / name / f"{student}.ipynb"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
