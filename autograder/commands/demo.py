"""The demo: every step of a course on the sample class."""

import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from autograder import exercises, machine, paths
from autograder.commands import solutions, terminal
from autograder.commands.local import Local
from autograder.course.folder import Course
from autograder.course.release import copy_release, open_course
from autograder.errors import DemoError
from autograder.exercises import Assignment
from autograder.grading.results import Verdict
from autograder.publish.class_report import page
from autograder.sandbox.forkserver import ForkServer
from autograder.submissions import locate

FIRST = "categorization"
"""The assignment that the demo plays, unless all are wanted: the first of the course, and a quick one."""
MARKER = ".autograder-demo"
# Samplers are slow, so some assignments show a part of the sample class.
A_FEW = {
    "bayesian_gmm": ("ada", "goran", "jonas"),
    "gibbs_sampling": ("ada", "goran", "jonas"),
    "coffee": ("bilal", "goran", "jonas"),
}


def run(
    out: Path, console: Console, *, names: Sequence[str], server: ForkServer | None = None, unsafe: bool = False
) -> tuple[Path, ...]:
    """Release assignments, collect the sample class, grade it, write the report and the solutions.

    Args:
        names: the assignments.
        server: a fork server that was started already; it is closed afterwards.

    Returns:
        The pages to look at: one of feedback, the class report, a solution.

    Raises:
        DemoError: `out` holds something else, or the sample class does not exist.
    """
    started = time.monotonic()
    _make_room(out)
    # nbgrader changes the working directory while it makes a release, so relative paths would break.
    whole = out.absolute()
    root, report = whole / "course", whole / "class.html"
    assignments = [exercises.load(name) for name in names]

    _tell(console, 1, "The instructor releases", "notebooks with a self-check, without answers")
    for assignment in assignments:
        with _working(console, f"Building {assignment.name}"):
            course = open_course(root, [assignment])
            copy_release(course, assignment.name, whole / "release")

    _tell(console, 2, "The class hands in", "some right, some partly so, some wrong, some broken")
    for assignment in assignments:
        count = _hand_in(assignment, root / "submitted")
        console.print(f"   {assignment.name}: {count} notebooks")

    # One notebook never ends, and occupies a core until its time is up: another thread makes the solutions meanwhile.
    with ThreadPoolExecutor(1) as meanwhile:
        write = partial(solutions.write, out=whole / "solutions", unsafe=unsafe)
        published = [meanwhile.submit(write, one, release=whole / "release" / one.name) for one in assignments]
        _tell(console, 3, "The instructor grades", "each function on hidden cases, in a process of its own")
        verdicts: dict[str, list[Verdict]] = {}
        for assignment in assignments:
            runner = Local(jobs=machine.cores(), server=server, unsafe=unsafe)
            found = locate.find([root / "submitted"], assignment.name)
            graded = terminal.grade_with_progress(Course(root), assignment, found, runner, console=console)
            console.print(terminal.table(assignment, graded))
            verdicts[assignment.name], server = graded, None
        page.write(report, Course(root), assignments, made=date.today(), anonymous=False)

        _tell(console, 4, "The TA publishes the solutions", "executed, and graded with full marks")
        with _working(console, "Waiting for the solutions"):
            solution = [made.result() for made in published][-1][-1]

    name = names[-1]
    feedback = Course(root).feedback(name, _instructive(verdicts[name]))
    console.print(f"\n[bold]Done in {time.monotonic() - started:.0f} s.[/] Three pages to open:")
    shown = {"a student's feedback": feedback, "the class report": report, "a solution": solution}
    for title, path in shown.items():
        console.print(f"   {title:<21} [link={path.as_uri()}]{path.as_uri()}[/link]", soft_wrap=True)
    console.print(
        f"The release, the marks (nbgrader's gradebook) and the rest are in {escape(str(out))}", soft_wrap=True
    )
    return tuple(shown.values())


def _tell(console: Console, step: int, title: str, what: str) -> None:
    console.print(f"[bold]{step}  {title}[/] [dim]{what}[/]")


@contextmanager
def _working(console: Console, what: str) -> Iterator[None]:
    """Show what takes a while, and then how long it took."""
    began = time.monotonic()
    with console.status(what):
        yield
    console.print(f"   {what}: {time.monotonic() - began:.1f} s")


def _instructive(verdicts: list[Verdict]) -> str:
    """The student whose page shows most: the one with the most mistakes that have a name."""
    named = {one.student: sum(bool(exercise.misconception) for exercise in one.exercises) for one in verdicts}
    return max(named, key=lambda student: named[student])


def _make_room(out: Path) -> None:
    if not paths.SAMPLE_CLASS.is_dir():
        raise DemoError("the sample class is not installed: run the demo in a clone of the repository")
    if out.exists() and any(out.iterdir()) and not (out / MARKER).exists():
        raise DemoError(f"{out} holds something that is not a demo: name another folder with --out")
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    (out / MARKER).touch()


def _hand_in(assignment: Assignment, submitted: Path) -> int:
    notebooks = sorted((paths.SAMPLE_CLASS / assignment.name).glob("*.ipynb"))
    if assignment.name in A_FEW:
        notebooks = [notebook for notebook in notebooks if notebook.stem in A_FEW[assignment.name]]
    for notebook in notebooks:
        folder = submitted / notebook.stem / assignment.name
        folder.mkdir(parents=True)
        shutil.copy(notebook, folder / f"{assignment.name}.ipynb")
    return len(notebooks)
