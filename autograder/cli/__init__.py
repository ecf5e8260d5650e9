"""The command line.

`autograder demo | course | release | collect | grade | explain | report | solutions | export | return | audit | doctor`
"""

import atexit
import gc
import logging
import webbrowser
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from autograder import computing, paths
from autograder.cli.assistants import explain, solutions
from autograder.cli.export import export
from autograder.cli.shared import (
    CORES,
    Assignments,
    CourseFolder,
    GradedCourse,
    OneAssignment,
    Unsafe,
    assignments_named,
    console,
    named,
    publish,
    started_early,
    told_plainly,
    warn,
)
from autograder.cli.systems import collect, return_pages
from autograder.errors import NotAllGraded
from autograder.paths import DISTRIBUTION

OBJECTS = 50_000  # new ones between two collections of garbage; Python's own 700 are few for large libraries

app = typer.Typer(
    help="The auto-graded teaching kit for Gaussian mixture models.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(export, name="export")


def show_version(wanted: bool) -> None:
    """Print the version and end, if `--version` is among the options."""
    if wanted:
        console.print(f"autograder {version(DISTRIBUTION)}", markup=False)
        raise typer.Exit


@app.callback()
def begin(
    _: Annotated[
        bool, typer.Option("--version", callback=show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Log errors that the grader works around, with tracebacks.")
    ] = False,
) -> None:
    computing.set_up()
    # Searching for garbage among the objects that imported libraries make would take a seventh of the start.
    gc.set_threshold(OBJECTS)
    # Without this, the interpreter searches them all once more before it ends, for most of a second.
    atexit.register(gc.freeze)
    # Not the root logger's handler, which would also show nbgrader's log.
    logger, handler = logging.getLogger("autograder"), logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logger.handlers = [handler]
    logger.setLevel(logging.DEBUG if verbose else logging.WARNING)


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="The folder to write; an earlier demo there is replaced.")] = Path("demo"),
    everything: Annotated[
        bool, typer.Option("--all", help="Play all assignments, for about ten minutes, instead of the first one.")
    ] = False,
    show: Annotated[bool, typer.Option("--open", help="Open the pages in a browser at the end.")] = False,
    unsafe: Unsafe = False,
) -> None:
    """Try the kit on a sample class.

    Writes a release, submissions, marks, feedback pages, a class report and a solution, in less than a minute.
    """
    from autograder.sandbox.forkserver import ForkServer

    with told_plainly(), ForkServer() as server:  # it imports the libraries of notebooks while this process starts
        from autograder.commands import demo

        names = paths.ASSIGNMENTS if everything else (demo.FIRST,)
        pages = demo.run(out, console, names=names, server=server, unsafe=unsafe)
        opened = [webbrowser.open(page.as_uri()) for page in pages if show]
        if not all(opened):
            console.print("No browser could be started: open the links yourself.")


@app.command("course")
def make_course(
    folder: Annotated[Path, typer.Argument(help="The folder to make or to update.")],
    assignments: Assignments = None,
) -> None:
    """Make or update a course folder.

    The folder is an nbgrader course: nbgrader's own commands work in it. It holds the settings, the source and release
    of each assignment, and the gradebook. An existing folder keeps its settings and its gradebook.
    """
    from autograder.course.release import open_course

    with told_plainly():
        wanted = named(assignments)
        with console.status("Building"):
            opened = open_course(folder, wanted)
        console.print(f"Settings: {folder / 'nbgrader_config.py'} and {folder / 'course.toml'}", soft_wrap=True)
        for assignment in wanted:
            name = assignment.name
            console.print(f"{name}: {opened.source(name)} and {opened.release(name)}", soft_wrap=True)


@app.command()
def release(
    assignments: Assignments = None,
    out: Annotated[Path, typer.Option(help="Where to write each assignment's folder and zip.")] = Path("release"),
    url: Annotated[
        str,
        typer.Option(help="The address of the hosted files of --out. Notebooks then fetch their files from there."),
    ] = "",
) -> None:
    """Write what students receive: a folder and a zip.

    Each holds the notebook, its self-check, and a requirements.txt with the versions of the libraries. If a student has
    only the notebook, its first cell fetches the zip from --url, or asks for it. If --url is a folder on GitHub, the
    notebook has a badge that opens it in Colab.
    """
    from autograder.course.release import write_release

    with told_plainly():
        for assignment in named(assignments):
            with console.status(f"Building {assignment.name}"):
                folder = write_release(assignment, out, url=url)
            console.print(f"{assignment.name}: {folder / f'{assignment.name}.ipynb'} and {folder}.zip", soft_wrap=True)


app.command()(collect)


@app.command()
def grade(
    assignment: OneAssignment,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Notebooks or folders of them. Default: the course's submitted/ folder."),
    ] = None,
    course: CourseFolder = Path("course"),
    json: Annotated[Path | None, typer.Option(help="Also write the results to this JSON file.")] = None,
    jobs: Annotated[
        int, typer.Option(min=1, help="How many submissions to grade at a time. If memory is short, fewer run.")
    ] = CORES,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Grade on the workers of this Dask scheduler.")
    ] = None,
    unsafe: Unsafe = False,
) -> None:
    """Grade the submissions to an assignment.

    Writes marks to nbgrader's gradebook, a feedback page for each student, and a JSON file of results. If a run was
    interrupted, the next one continues from there. Exits with 0 when every submission has a verdict.
    """
    from autograder import exercises
    from autograder.submissions import locate

    with told_plainly():
        with assignments_named():
            name = exercises.known(assignment)
        found = locate.find(paths or [course / "submitted"], name)
        with started_early(course, name, found if not cluster else []) as server:
            from autograder.commands import terminal
            from autograder.commands.cluster import Cluster
            from autograder.commands.local import Local
            from autograder.course import verdicts
            from autograder.course.release import open_course
            from autograder.grading import results

            runner = (
                Cluster(address=cluster, unsafe=unsafe) if cluster else Local(jobs=jobs, server=server, unsafe=unsafe)
            )
            (wanted,) = named([name])
            with console.status("Opening the course"):
                opened = open_course(course, [wanted])
            before, failed = verdicts.latest(opened, name), None
            try:
                graded = terminal.grade_with_progress(opened, wanted, found, runner, console=console)
            except NotAllGraded as error:  # shown at the end, below the table
                graded, failed = error.verdicts, error
        if json:
            results.write(json, name, graded)
        console.print(terminal.table(wanted, graded))
        if changes := verdicts.changes(before, verdicts.latest(opened, name)):
            console.print(terminal.changes_table(changes))
        warn(results.warnings(graded))
        console.print(f"Feedback: {course}/feedback/STUDENT/{name}/{name}.html", soft_wrap=True)
        console.print(f"Results:  {opened.results(name)}", soft_wrap=True)
        if failed:
            raise failed


app.command()(explain)


@app.command()
def report(
    out: Annotated[Path, typer.Option(help="The HTML page to write.")],
    assignments: Assignments = None,
    course: GradedCourse = Path("course"),
    anonymous: Annotated[
        bool,
        typer.Option("--anonymous", help="Leave out the students' names, so that you can show the page to the class."),
    ] = False,
) -> None:
    """Write the class report: an HTML page.

    It shows the scores, the mistakes of the class, how well each exercise separates strong from weak students, and who
    may need help. Default: all graded assignments.
    """
    from autograder.course.folder import Course
    from autograder.publish import spreadsheet
    from autograder.publish.class_report import page

    with told_plainly():
        opened = Course(course)
        publish(opened, named(assignments))
        wanted = named(assignments) if assignments else spreadsheet.graded(opened, named(None))
        page.write(out, opened, wanted, made=date.today(), anonymous=anonymous)
        console.print(f"Class report: {out}", soft_wrap=True)


@app.command()
def audit(
    assignments: Assignments = None,
    out: Annotated[Path, typer.Option(help="The folder for audit.json and the journal of finished work.")] = Path(
        "audit"
    ),
    nulls: Annotated[
        int, typer.Option(min=1, help="How many times to compare right answers, for each statistical check.")
    ] = 10_000,
    detections: Annotated[int, typer.Option(min=1, help="How many times to try each wrong answer.")] = 200,
    jobs: Annotated[int, typer.Option(min=1, help="How many processes to use.")] = CORES,
    check: Annotated[
        bool, typer.Option("--check", help="Only tell whether the published audit is of the present checks.")
    ] = False,
) -> None:
    """Measure the error rates of the statistical checks.

    First tells whether the published audit is of the present checks. Then counts, over fresh seeds, how often right
    answers fail and how often wrong answers are caught. With the default numbers it takes hours; with --nulls 100
    --detections 5, minutes. If a run was interrupted, the next one continues from there.
    """
    from autograder.commands.audit import report, table

    names = [assignment.name for assignment in named(assignments)]
    with told_plainly():
        current = report.published(names)
        console.print(table.state(current), soft_wrap=True)
        if check:
            raise typer.Exit(0 if all(current.values()) else 1)
        lines = table.run_with_progress(
            names, nulls=nulls, detections=detections, jobs=jobs, journal=out / "journal.jsonl", console=console
        )
        command = f"autograder audit {' '.join(names)} --nulls {nulls} --detections {detections}"
        report.write_report(out / "audit.json", lines, command=command, nulls=nulls, detections=detections)
        console.print(table.table(lines))
        console.print(f"Everything: {out / 'audit.json'}", soft_wrap=True)


app.command()(solutions)


app.command("return")(return_pages)


@app.command()
def doctor() -> None:
    """Check whether this machine can isolate student code.

    Lists the layers of isolation that work, what to do about the others, and the versions of the libraries. Exits with
    0 if the machine can grade, for which it needs at least Landlock and seccomp.
    """
    from autograder.commands import doctor
    from autograder.sandbox import isolation
    from autograder.student.worker.isolation import strongest

    problems = isolation.probe()
    level = strongest(problems)
    console.print(doctor.table(problems))
    console.print(doctor.verdict(level), soft_wrap=True)
    console.print(f"Versions: {doctor.versions()}", soft_wrap=True)
    raise typer.Exit(1 if level == "none" else 0)
