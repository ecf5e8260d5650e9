"""Options, names of assignments and messages that several commands use."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from autograder import machine, paths
from autograder.errors import KitError

if TYPE_CHECKING:
    from autograder.course.folder import Course
    from autograder.exercises import Assignment, Exercise
    from autograder.sandbox.forkserver import ForkServer
    from autograder.submissions.locate import Submission

console = Console(highlight=False)

OneAssignment = Annotated[str, typer.Argument(help=f"One of: {', '.join(paths.ASSIGNMENTS)}.")]
Assignments = Annotated[list[str] | None, typer.Argument(help="The assignments. Default: all.")]
CORES = machine.cores()
CourseFolder = Annotated[Path, typer.Option(help="The course folder. It is made if it does not exist.")]
GradedCourse = Annotated[Path, typer.Option(help="The course folder, after `autograder grade`.")]
Unsafe = Annotated[
    bool, typer.Option("--unsafe", help="Run student code even if it cannot be isolated; see `autograder doctor`.")
]


def publish(course: "Course", assignments: "list[Assignment]") -> None:
    """Update the results and the feedback pages with the marks that people have entered in the gradebook."""
    from autograder.commands import grade
    from autograder.grading import results

    for assignment in assignments:
        if course.verdicts(assignment.name):
            with course.lock(assignment.name):
                marked = grade.publish(course, assignment)
            warn(results.warnings(marked))


def warn(sentences: list[str]) -> None:
    """Print warnings for the instructor on the error stream."""
    stderr = Console(stderr=True, highlight=False)
    for sentence in sentences:
        stderr.print(f"[bold yellow]warning:[/] {escape(sentence)}", soft_wrap=True)


@contextmanager
def started_early(course: Path, assignment: str, submitted: "list[Submission]") -> "Iterator[ForkServer | None]":
    """Start the fork server while this process still loads the assignment.

    Yields None if every submission has a verdict already.
    """
    from autograder.course import verdicts
    from autograder.course.folder import Course
    from autograder.sandbox import isolation
    from autograder.sandbox.forkserver import ForkServer

    if all(verdicts.current(Course(course), assignment, submission) for submission in submitted):
        yield None
    else:
        Thread(target=isolation.probe, daemon=True).start()  # its result is cached
        with ForkServer() as server:
            yield server


@contextmanager
def assignments_named() -> "Iterator[None]":
    """Turn an unknown name of an assignment into an error of the command line."""
    try:
        yield
    except KeyError as error:
        raise typer.BadParameter(error.args[0]) from error


def named(names: list[str] | None) -> "list[Assignment]":
    """The assignments with these names; all of them without names.

    Raises:
        typer.BadParameter: no assignment has that name.
    """
    from autograder import exercises

    with assignments_named():
        return [exercises.load(name) for name in names or paths.ASSIGNMENTS]


def of_exercise(name: str) -> "tuple[Assignment, Exercise]":
    """The exercise with this name, and its assignment.

    Raises:
        typer.BadParameter: no exercise has that name.
    """
    texts = {
        assignment: (paths.ASSIGNMENT_TEXTS / f"{assignment}.md").read_text(encoding="utf-8")
        for assignment in paths.ASSIGNMENTS
    }
    # Loading every assignment would take longer than running the exercise.
    having_it = [assignment for assignment, text in texts.items() if f'exercise="{name}"' in text]
    graded = {
        exercise.name: (assignment, exercise) for assignment in named(having_it) for exercise in assignment.graded
    }
    if name not in graded:
        raise typer.BadParameter(f"no exercise {name!r}; there are: {', '.join(graded)}")
    return graded[name]


@contextmanager
def told_plainly() -> Iterator[None]:
    """Show a `KitError` as a message, without a traceback."""
    try:
        yield
    except KitError as error:
        Console(stderr=True, highlight=False).print(f"[bold red]error:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(1)
