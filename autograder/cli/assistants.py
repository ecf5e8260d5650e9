"""The commands of a teaching assistant: the evidence for a score, and the solutions."""

import io
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder.cli.shared import Assignments, CourseFolder, Unsafe, console, named, of_exercise, told_plainly
from autograder.errors import CourseError


def explain(
    student: Annotated[str, typer.Argument(help="The student's name, as in the table of scores.")],
    exercise: Annotated[str, typer.Argument(help="The exercise's name, for example e_step.")],
    course: CourseFolder = Path("course"),
    html: Annotated[
        Path | None, typer.Option(help="Also write this HTML page. It shows hidden cases: do not give it to students.")
    ] = None,
    unsafe: Unsafe = False,
) -> None:
    """Show the evidence for a student's score on one exercise.

    Runs the function again on the same cases and seeds. Shows the inputs, the returned and the expected values, and
    the size of the error. The output shows hidden cases: do not give it to students.
    """
    from autograder.sandbox.forkserver import ForkServer

    with told_plainly(), ForkServer() as server:  # the server imports the libraries while this process starts
        from autograder.commands import explain as evidence
        from autograder.course.folder import Course

        assignment, found = of_exercise(exercise)
        with console.status(f"Running {exercise} of {student}"):
            explanation = evidence.explain(Course(course), assignment, found, student, server=server, unsafe=unsafe)
        console.print(evidence.page(explanation))
        if html:
            recorder = Console(record=True, width=120, file=io.StringIO(), highlight=False)
            recorder.print(evidence.page(explanation))
            recorder.save_html(str(html))


def solutions(
    assignments: Assignments = None,
    out: Annotated[Path, typer.Option(help="The folder for the solution notebooks and pages.")] = Path("solutions"),
    course: CourseFolder = Path("course"),
    student: Annotated[
        str | None, typer.Option(help="Instead, write a page with this student's graded answers beside the solutions.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write them before the day in course.toml.")] = False,
    unsafe: Unsafe = False,
) -> None:
    """Write the solutions, as executed notebooks and HTML pages.

    Each solution is graded first and must earn full marks. The command refuses to run before the day that course.toml
    sets for the assignment.
    """
    from autograder.commands import solutions as ta
    from autograder.course import settings
    from autograder.course.folder import Course
    from autograder.publish import solution_comparison

    with told_plainly():
        wanted = named(assignments)
        for assignment in wanted:
            day = settings.solutions_from(course, assignment.name)
            if day and date.today() < day and not force:
                raise CourseError(f"the solutions of {assignment.name} are for {day} or later (--force overrides)")
        if student:
            for assignment in wanted:
                console.print(str(solution_comparison.write(Course(course), assignment, student, out)), soft_wrap=True)
            return
        for assignment in wanted:
            with console.status(f"Executing and grading the solution of {assignment.name}"):
                written = ta.write(assignment, out, unsafe=unsafe)
            console.print(f"{assignment.name}: full marks. {' and '.join(map(str, written))}", soft_wrap=True)
