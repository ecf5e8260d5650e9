"""Write the solutions that a TA publishes: executed notebooks that earn full marks."""

import asyncio
import os
import shutil
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.course.release import write_release
from autograder.errors import SolutionError
from autograder.exercises import Assignment
from autograder.files import write_atomically
from autograder.grading import judge
from autograder.notebooks import build, released
from autograder.publish import solution
from autograder.sandbox.sandbox import Sandbox
from autograder.submissions.locate import Submission

CELL_SECONDS = 120


def write(assignment: Assignment, out: Path, *, release: Path | None = None, unsafe: bool = False) -> list[Path]:
    """Execute an assignment's solution, grade it, and write it as a notebook and as HTML.

    Args:
        release: the folder that students receive, if it exists already.
        unsafe: grade it even if student code cannot be isolated.

    Raises:
        SolutionError: a cell failed, or an exercise did not earn full marks; the message names it.
    """
    with tempfile.TemporaryDirectory() as scratch:
        release = release or write_release(assignment, Path(scratch, "release"))
        work = Path(shutil.copytree(release, Path(scratch, "work")))
        notebook = _execute(build.solution_notebook(assignment), work)
        handed_in = work / f"{assignment.name}.ipynb"
        nbformat.write(notebook, handed_in)
        _prove(assignment, handed_in, release, unsafe=unsafe)
    target = out / assignment.name
    write_atomically(target / f"{assignment.name}.ipynb", nbformat.writes(notebook))
    write_atomically(target / f"{assignment.name}.html", solution.page(assignment, notebook))
    return [target / f"{assignment.name}.ipynb", target / f"{assignment.name}.html"]


def _execute(notebook: NotebookNode, folder: Path) -> NotebookNode:
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        coalesce_streams=True,
        store_widget_state=False,  # on a page without a kernel, sliders show a fixed figure
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--log-level=ERROR"],
    )
    try:
        # Not `execute`: it leaves its event loop to the garbage collector.
        # The kernel must choose `%matplotlib inline`: the grader itself draws without a screen.
        return asyncio.run(client.async_execute(env=os.environ | {"MPLBACKEND": ""}))
    except Exception as error:  # any error prevents publishing
        raise SolutionError(f"the solution did not run: {error}") from error


def _prove(assignment: Assignment, handed_in: Path, release: Path, *, unsafe: bool) -> None:
    """Grade the solution like a student's submission."""
    cells = released.read(nbformat.read(release / f"{assignment.name}.ipynb", as_version=4))
    with Sandbox(bundle=release, preload=assignment.libraries, unsafe=unsafe) as sandbox:
        verdict = judge.grade(Submission("solution", handed_in), assignment, cells, sandbox)
    short = [exercise.name for exercise in verdict.exercises if exercise.kind == "auto" and not exercise.passed]
    if short or verdict.notes:
        raise SolutionError(f"the solution lost marks in: {', '.join(short)}; {' '.join(verdict.notes)}")
