"""What a TA publishes: executed solution notebooks that have earned full marks."""

import asyncio
import shutil
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat import NotebookNode

from autograder.course.release import write_release
from autograder.errors import SolutionError
from autograder.exercises import Assignment
from autograder.files import write_atomically
from autograder.grading import judge
from autograder.notebooks import build, released
from autograder.sandbox.sandbox import Sandbox
from autograder.submissions.locate import Submission

CELL_SECONDS = 120


def write(assignment: Assignment, out: Path, *, release: Path | None = None, unsafe: bool = False) -> list[Path]:
    """Execute an assignment's solution, prove it right, and write it as notebook and HTML.

    Args:
        release: the folder that students receive, where it is made already.
        unsafe: prove it also where student code cannot be isolated.

    Raises:
        SolutionError: with the cell or the exercises that failed.
    """
    with tempfile.TemporaryDirectory() as scratch:
        release = release or write_release(assignment, Path(scratch, "release"))
        work = Path(shutil.copytree(release, Path(scratch, "work")))
        notebook = _execute(build.solution_notebook(assignment), work)
        handed_in = work / f"{assignment.name}.ipynb"
        nbformat.write(notebook, handed_in)
        _prove(assignment, handed_in, release, unsafe=unsafe)
    target = out / assignment.name
    # Of nbconvert's templates, this one shows the alternative texts of figures.
    html, _ = HTMLExporter(template_name="classic", embed_images=True).from_notebook_node(
        notebook, {"metadata": {"name": f"{assignment.title}: solution"}}
    )
    write_atomically(target / f"{assignment.name}.ipynb", nbformat.writes(notebook))
    write_atomically(target / f"{assignment.name}.html", html)
    return [target / f"{assignment.name}.ipynb", target / f"{assignment.name}.html"]


def _execute(notebook: NotebookNode, folder: Path) -> NotebookNode:
    client = NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--log-level=ERROR"],
    )
    try:
        # Not `execute`, which leaves the event loop that it makes to the garbage collector.
        return asyncio.run(client.async_execute())
    except Exception as error:  # whatever stops a solution keeps it from being published
        raise SolutionError(f"the solution did not run: {error}") from error


def _prove(assignment: Assignment, handed_in: Path, release: Path, *, unsafe: bool) -> None:
    """Grade the solution as if a student had handed it in."""
    cells = released.read(nbformat.read(release / f"{assignment.name}.ipynb", as_version=4))
    with Sandbox(bundle=release, preload=assignment.libraries, unsafe=unsafe) as sandbox:
        verdict = judge.grade(Submission("solution", handed_in), assignment, cells, sandbox)
    short = [one.name for one in verdict.exercises if one.kind == "auto" and not one.passed]
    if short or verdict.notes:
        raise SolutionError(f"the solution lost marks in: {', '.join(short)}; {' '.join(verdict.notes)}")
