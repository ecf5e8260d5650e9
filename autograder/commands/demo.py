"""The demo: every step of a course on the sample class."""

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

from rich.console import Console

from autograder import exercises, machine, paths
from autograder.commands import solutions, terminal
from autograder.commands.local import Local
from autograder.course.folder import Course
from autograder.course.release import open_course, write_release
from autograder.errors import DemoError
from autograder.exercises import Assignment
from autograder.publish.class_report import page
from autograder.submissions import locate

MARKER = ".autograder-demo"
# Samplers are slow, so some assignments show a part of the sample class.
A_FEW = {
    "bayesian_gmm": ("ada", "goran", "jonas"),
    "gibbs_sampling": ("ada", "goran", "jonas"),
    "coffee": ("bilal", "goran", "jonas"),
}


def run(out: Path, console: Console, *, unsafe: bool = False) -> None:
    """Write a release, collect the sample class, grade it, write the solutions, and say where everything is.

    Raises:
        DemoError: `out` holds something else, or the sample class does not exist.
    """
    started = time.monotonic()
    _make_room(out)
    assignments = [exercises.load(name) for name in paths.ASSIGNMENTS]
    opened = out / "course"
    runner = Local(jobs=machine.cores(), unsafe=unsafe)
    # nbgrader changes the working directory while it makes a release, so relative paths would break.
    whole = out.absolute()

    # Solutions are slowest and need only the releases: another thread makes them.
    with ThreadPoolExecutor(1) as meanwhile:
        published = []

        console.print("[bold]1  The instructor releases the assignments[/]")
        for assignment in assignments:
            with console.status(f"Building {assignment.name}"):
                release = write_release(assignment, whole / "release")
            published.append(
                meanwhile.submit(solutions.write, assignment, whole / "solutions", release=release, unsafe=unsafe)
            )

        console.print("[bold]2  The class hands in[/]")
        for assignment in assignments:
            count = _hand_in(assignment, opened / "submitted")
            console.print(f"   {assignment.name}: {count} notebooks; some right, some partly so, some wrong or broken")

        console.print("[bold]3  The instructor grades[/]")
        for assignment in assignments:
            found = locate.find([opened / "submitted"], assignment.name)
            with console.status("Opening the course"):
                ready = open_course(opened, [assignment])
            verdicts = terminal.grade_with_progress(ready, assignment, found, runner, console=console)
            console.print(terminal.table(assignment, verdicts))
        page.write(out / "class.html", Course(opened), assignments, made=date.today(), anonymous=False)

        console.print("[bold]4  The TA publishes the solutions, which have earned full marks[/]")
        with console.status("Executing and grading the solutions"):
            for solution in published:
                solution.result()

    console.print(f"[bold]Done in {time.monotonic() - started:.0f} s.[/] Where everything lies:")
    for name, path in {
        "what students receive": out / "release",
        "what they handed in": opened / "submitted",
        "their feedback": opened / "feedback" / "STUDENT" / "ASSIGNMENT" / "ASSIGNMENT.html",
        "the report on the class": out / "class.html",
        "the marks (nbgrader)": opened / "gradebook.db",
        "the results (JSON)": opened / "results",
        "the solutions": out / "solutions",
    }.items():
        console.print(f"   {name:<23} {path}", soft_wrap=True)


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
