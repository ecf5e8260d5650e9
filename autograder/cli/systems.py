"""`autograder collect` and `autograder return`: submissions from a learning management system, and pages back."""

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.shared import (
    CourseFolder,
    GradedCourse,
    OneAssignment,
    assignments_named,
    console,
    named,
    publish,
    told_plainly,
    warn,
)

SYSTEMS = "canvas, moodle, blackboard, brightspace, gradescope, classroom, exchange or folder"


def collect(
    assignment: OneAssignment,
    download: Annotated[Path, typer.Argument(help="The zip or the folder that the system gave you.")],
    course: CourseFolder = Path("course"),
    roster: Annotated[
        list[Path] | None, typer.Option(help="A class list that the system exported (CSV). Can be repeated.")
    ] = None,
    system: Annotated[
        str | None, typer.Option("--from", metavar="SYSTEM", help=f"If it is not recognised: {SYSTEMS}.")
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(help="The time zone of times without one. Default: c.Exchange.timezone of nbgrader, else UTC."),
    ] = None,
    skip: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="An entry of the download to leave out. Can be repeated.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the table and write nothing.")] = False,
) -> None:
    """Collect submissions from a download of your learning platform.

    The names inside tell the system: Canvas, Moodle, Blackboard, Brightspace, Gradescope, Google Classroom, the
    exchange of nbgrader, or a plain folder. The last attempt of each student counts; earlier attempts are kept.
    """
    from autograder import exercises
    from autograder.commands import collected_table
    from autograder.course.folder import Course
    from autograder.systems import collect as collecting
    from autograder.systems import recognise

    with told_plainly():
        with assignments_named():
            name = exercises.known(assignment)
        opened = Course(course)
        outcome = collecting.collect(
            opened,
            name,
            download,
            listed=roster or (),
            system=recognise.named(system) if system else None,
            zone=zone or opened.config().Exchange.get("timezone") or "UTC",
            skip=skip or (),
            dry_run=dry_run,
        )
        for part in collected_table.parts(outcome, name, course, dry_run=dry_run):
            console.print(part, soft_wrap=isinstance(part, str))


def return_pages(
    assignment: OneAssignment,
    system: Annotated[str, typer.Option("--for", metavar="SYSTEM", help=f"One of: {SYSTEMS}.")],
    out: Annotated[Path, typer.Option(help="The zip to write.")],
    course: GradedCourse = Path("course"),
) -> None:
    """Write the feedback pages as a zip for your learning platform.

    Canvas, Moodle and Brightspace return each page in it to its student, because the names are those in the collected
    download. For other systems, it has a folder for each student.
    """
    from autograder.course.folder import Course
    from autograder.systems import recognise, returning

    with told_plainly():
        wanted = recognise.named(system)
        (graded,) = named([assignment])
        publish(Course(course), [graded])
        returned = returning.write(out, Course(course), graded.name, wanted)
        warn([*returned.warnings])
        console.print(f"Pages: {out}, for {len(returned.paths)} of the class", soft_wrap=True)
        console.print(wanted.how, soft_wrap=True)
