"""The commands `autograder collect`, `autograder return` and `autograder export moodle`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from autograder import paths
from autograder.submissions.names import legible

if TYPE_CHECKING:
    from autograder.systems.collect import Line, Outcome

SYSTEMS = "canvas, moodle, blackboard, brightspace, gradescope, classroom, exchange or folder"
WHICH = typer.Argument(help=f"One of: {', '.join(paths.ASSIGNMENTS)}.")
COURSE = typer.Option(help="The course folder.")
MOST_LISTED = 12
CHANGES = {
    "new": "",
    "newer": "replaces what was there",
    "same": "as before",
    "older": "older than what is there, kept aside",
}


def collect(
    assignment: Annotated[str, WHICH],
    download: Annotated[Path, typer.Argument(help="What the system gave you: a zip, or a folder.")],
    course: Annotated[Path, COURSE] = Path("course"),
    roster: Annotated[
        list[Path] | None, typer.Option(help="A list of the class as the system writes it (CSV). May be given again.")
    ] = None,
    system: Annotated[
        str | None, typer.Option("--from", metavar="SYSTEM", help=f"Where it comes from, if not seen: {SYSTEMS}.")
    ] = None,
    zone: Annotated[
        str | None,
        typer.Option(help="The time zone of times that name none; nbgrader's c.Exchange.timezone, else UTC."),
    ] = None,
    skip: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="An entry to leave out. May be given again.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be done, and do nothing.")] = False,
) -> None:
    """Take in what students have handed in, from a system's own download.

    Canvas, Moodle, Blackboard, Brightspace, Gradescope, Google Classroom, nbgrader's exchange, or a plain folder: it is
    recognised by the names inside. The last attempt of each student counts; earlier ones are kept aside.
    """
    from autograder import cli
    from autograder.course.folder import Course
    from autograder.systems import collect as collecting
    from autograder.systems import recognise

    with cli.told_plainly():
        name = cli.known(assignment)
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
        console = cli.console
        title, (claimed, of) = outcome.system.title, outcome.claimed
        console.print(f"Recognised: {title} ({claimed} of {of} names).", soft_wrap=True)
        if outcome.lines:
            console.print(table(outcome))
        for one in outcome.left:
            console.print(f"Not collected: {escape(legible(one.name))}: {escape(one.why)}", soft_wrap=True)
        if outcome.missing:
            console.print(missing(outcome), soft_wrap=True)
        console.print(summary(outcome, name, opened.root, dry_run=dry_run), soft_wrap=True)


def return_pages(
    assignment: Annotated[str, WHICH],
    system: Annotated[str, typer.Option("--for", metavar="SYSTEM", help=f"Where they go: {SYSTEMS}.")],
    out: Annotated[Path, typer.Option(help="The zip to write.")],
    course: Annotated[Path, typer.Option(help="The course folder, as `autograder grade` left it.")] = Path("course"),
) -> None:
    """Write the feedback pages as a zip that the system hands out.

    Under the names that it needs to give each page to its student, as `autograder collect` has noted them. For a system
    that takes no such zip: a folder for each student.
    """
    from autograder import cli
    from autograder.course.folder import Course
    from autograder.systems import recognise, returning

    with cli.told_plainly():
        wanted = recognise.named(system)
        (graded,) = cli.named([cli.known(assignment)])
        cli.publish(Course(course), [graded])
        returned = returning.write(out, Course(course), graded.name, wanted)
        cli.warn([*returned.warnings])
        cli.console.print(f"Pages of {len(returned.paths)} students: {out}", soft_wrap=True)
        cli.console.print(wanted.how, soft_wrap=True)


def export_moodle(
    assignment: Annotated[str, WHICH],
    out: Annotated[Path, typer.Option(help="The worksheet to write, for Moodle to import.")],
    roster: Annotated[
        Path | None, typer.Option(help="The assignment's grading worksheet as Moodle exports it (CSV).")
    ] = None,
    course: Annotated[Path, typer.Option(help="The course folder, as `autograder grade` left it.")] = Path("course"),
) -> None:
    """Write the marks for Moodle's offline grading worksheet.

    Identifier, grade and feedback comment. Students are found by the participants' numbers that `autograder collect`
    has noted, else by roster.csv. Without --roster, the worksheet is made of what was collected.
    """
    from autograder import cli
    from autograder.course.folder import Course
    from autograder.publish import moodle

    with cli.told_plainly():
        (graded,) = cli.named([cli.known(assignment)])
        cli.publish(Course(course), [graded])
        cli.warn(moodle.write(out, Course(course), graded, roster))
        cli.console.print(f"Marks: {out}", soft_wrap=True)


def table(outcome: "Outcome") -> Table:
    """Who has handed in what."""
    from autograder.course import roster

    shown = roster.shown(outcome.people, [one.record.student for one in outcome.lines])
    columns = ("student", "name", "handed in", "files", "")
    found = Table(box=None, pad_edge=False)
    for title in columns:
        found.add_column(title, justify="right" if title == "files" else "left", overflow="fold")
    for one in outcome.lines:
        student = one.record.student
        name = shown[student] if shown[student] != student else one.record.name
        cells = [student, name, when(one), str(len(one.record.files)), remarks(one)]
        found.add_row(*(escape(legible(cell)) for cell in cells))
    return found


def when(line: "Line") -> str:
    """When it was handed in, in UTC, and whether it was late."""
    time = f"{line.record.time:%Y-%m-%d %H:%M}" if line.record.time else ""
    return f"{time} late".strip() if line.record.late else time


def remarks(line: "Line") -> str:
    """What there is to say of a student."""
    with_whom = [one for one in line.record.group if one != line.record.student]
    said = [
        f"with {', '.join(with_whom)}" if with_whom else "",
        CHANGES[line.change],
        f"earlier attempts: {line.earlier}" if line.earlier else "",
        *line.remarks,
    ]
    return "; ".join(filter(None, said))


def missing(outcome: "Outcome") -> str:
    """Who has handed in nothing, of those whom the roster lists."""
    listed = ", ".join(outcome.missing[:MOST_LISTED])
    more = len(outcome.missing) - MOST_LISTED
    return escape(legible(f"Nothing from: {listed}{f' and {more} more' if more > 0 else ''}"))


def summary(outcome: "Outcome", assignment: str, root: Path, *, dry_run: bool) -> str:
    """How many students, how many late, and where their work lies."""
    late = sum(bool(one.record.late) for one in outcome.lines)
    told = [f"{len(outcome.lines)} students"]
    told += [f"{late} late"] if late else []
    told += [f"{len(outcome.left)} not collected"] if outcome.left else []
    where = "nothing is written (--dry-run)" if dry_run else f"{root}/submitted/STUDENT/{assignment}"
    return f"{', '.join(told)}: {where}"
