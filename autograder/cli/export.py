"""`autograder export`: marks for other systems."""

from pathlib import Path
from typing import Annotated

import typer

from autograder import paths
from autograder.cli.shared import Assignments, GradedCourse, OneAssignment, console, named, publish, told_plainly, warn

export = typer.Typer(help="Write marks for a spreadsheet, Canvas, Moodle or Gradescope.", no_args_is_help=True)


@export.command("csv")
def export_csv(
    out: Annotated[Path, typer.Option(help="The file to write.")],
    assignments: Assignments = None,
    course: GradedCourse = Path("course"),
) -> None:
    """Write the marks as a spreadsheet (CSV).

    One row for each student, one column for each assignment and exercise; the header gives the points. A cell is empty
    if the student handed in nothing, or if a written answer has no mark yet. Default: all graded assignments.
    """
    from autograder.course.folder import Course
    from autograder.publish import spreadsheet

    with told_plainly():
        opened = Course(course)
        publish(opened, named(assignments))
        wanted = named(assignments) if assignments else spreadsheet.graded(opened, named(None))
        warn(spreadsheet.write(out, opened, wanted))
        console.print(f"Marks: {out}", soft_wrap=True)


@export.command("canvas")
def export_canvas(
    assignments: Annotated[list[str], typer.Argument(help=f"Some of: {', '.join(paths.ASSIGNMENTS)}.")],
    roster: Annotated[Path, typer.Option(help="The gradebook that Canvas exported (CSV).")],
    out: Annotated[Path, typer.Option(help="The file to write and to import in Canvas.")],
    course: GradedCourse = Path("course"),
) -> None:
    """Write the marks for the gradebook of Canvas.

    Adds the marks to the file that Canvas exported. Students are matched by roster.csv, else by SIS Login ID, SIS User
    ID, ID, then the part of the login before the @. An existing column for the assignment is updated.
    """
    from autograder.course.folder import Course
    from autograder.publish import canvas

    with told_plainly():
        publish(Course(course), named(assignments))
        warn(canvas.write(out, Course(course), named(assignments), roster))
        console.print(f"Marks: {out}", soft_wrap=True)


@export.command("moodle")
def export_moodle(
    assignment: OneAssignment,
    out: Annotated[Path, typer.Option(help="The worksheet to write and to import in Moodle.")],
    roster: Annotated[
        Path | None, typer.Option(help="The grading worksheet of the assignment that Moodle exported (CSV).")
    ] = None,
    course: GradedCourse = Path("course"),
) -> None:
    """Write the marks for the offline grading worksheet of Moodle.

    Fills in Grade and Feedback comments. Students are matched by the participant numbers that `autograder collect` has
    stored, else by roster.csv. Without --roster, the command makes a worksheet from the collected work.
    """
    from autograder.course.folder import Course
    from autograder.publish import moodle

    with told_plainly():
        (graded,) = named([assignment])
        publish(Course(course), [graded])
        warn(moodle.write(out, Course(course), graded, roster))
        console.print(f"Marks: {out}", soft_wrap=True)


@export.command("gradescope")
def export_gradescope(
    assignment: OneAssignment,
    out: Annotated[Path, typer.Option(help="The zip to write.")],
    wheels: Annotated[
        Path | None, typer.Option(help="A folder of wheels. The container then installs without a network.")
    ] = None,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Grade even if the container cannot isolate student code.")
    ] = False,
) -> None:
    """Write an autograder for Gradescope: a zip to upload there.

    Gradescope then grades each notebook when a student hands it in.
    """
    from autograder.publish.gradescope import package

    with told_plainly():
        (wanted,) = named([assignment])
        package.write(out, wanted, unsafe=unsafe, wheels=wheels)
        console.print(f"Autograder: {out}", soft_wrap=True)
        console.print(f"Points: {package.points(wanted)}", soft_wrap=True)
