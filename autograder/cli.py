"""The command line.

`autograder demo | course | release | grade | explain | report | solutions | export | audit | doctor`
"""

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape

from autograder import machine, paths
from autograder.errors import CourseError, KitError

if TYPE_CHECKING:
    from autograder.course.folder import Course
    from autograder.exercises import Assignment, Exercise
    from autograder.sandbox.forkserver import Parent
    from autograder.submissions.locate import Submission

app = typer.Typer(
    help="The auto-graded teaching kit for Gaussian mixture models.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
export = typer.Typer(help="Marks for other systems: a spreadsheet, Canvas, Gradescope.", no_args_is_help=True)
app.add_typer(export, name="export")
console = Console(highlight=False)

Assignments = Annotated[list[str] | None, typer.Argument(help="Assignments; all of them if none is named.")]
CORES = machine.cores()
CourseFolder = Annotated[Path, typer.Option(help="The course folder: an nbgrader course, made if it is not there.")]
GradedCourse = Annotated[Path, typer.Option(help="The course folder, as `autograder grade` left it.")]
Unsafe = Annotated[
    bool, typer.Option("--unsafe", help="Run code also where it cannot be isolated; see `autograder doctor`.")
]


@app.command()
def demo(
    out: Annotated[Path, typer.Option(help="Where to put everything; an earlier demo is replaced.")] = Path("demo"),
    unsafe: Unsafe = False,
) -> None:
    """Play the whole story on a sample class.

    Release, submissions, marks, feedback, class report and solutions.
    """
    from autograder.commands import demo

    with told_plainly():
        demo.run(out, console, unsafe=unsafe)


@app.command("course")
def make_course(
    folder: Annotated[Path, typer.Argument(help="The folder to make, or to bring up to date with the kit.")],
    assignments: Assignments = None,
) -> None:
    """Make a course folder, in which nbgrader's own commands work.

    With settings, sources, releases and gradebook. What is there already is kept, the settings above all.
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
) -> None:
    """Write what students receive, as a folder and a zip.

    The notebook, its self-check and the pins of its libraries.
    """
    from autograder.course.release import write_release

    with told_plainly():
        for assignment in named(assignments):
            with console.status(f"Building {assignment.name}"):
                folder = write_release(assignment, out)
            console.print(f"{assignment.name}: {folder / f'{assignment.name}.ipynb'} and {folder}.zip", soft_wrap=True)


@app.command()
def grade(
    assignment: Annotated[str, typer.Argument(help=f"One of: {', '.join(paths.ASSIGNMENTS)}.")],
    paths: Annotated[
        list[Path] | None,
        typer.Argument(help="Notebooks, or a submitted/ tree; the course's own submitted/ if none is named."),
    ] = None,
    course: CourseFolder = Path("course"),
    json: Annotated[Path | None, typer.Option(help="Also write the results to this file.")] = None,
    jobs: Annotated[
        int, typer.Option(min=1, help="Submissions graded at the same time; fewer where memory is short.")
    ] = CORES,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler, whose workers grade instead.")
    ] = None,
    unsafe: Unsafe = False,
) -> None:
    """Grade submissions: marks, feedback pages, results.

    The marks go into nbgrader's gradebook, a page to each student's folder, the results into a JSON file. Goes on where
    an interrupted run stopped. Exits with 0 once every submission has a verdict.
    """
    from autograder import exercises
    from autograder.submissions import locate

    with told_plainly():
        with assignments_named():
            name = exercises.known(assignment)
        found = locate.find(paths or [course / "submitted"], name)
        with started_early(course, name, found if not cluster else []) as parent:
            from autograder.commands import terminal
            from autograder.commands.grade import NotAllGraded
            from autograder.course import verdicts
            from autograder.course.release import open_course
            from autograder.grading import results

            (wanted,) = named([name])
            with console.status("Opening the course"):
                opened = open_course(course, [wanted])
            before, failed = verdicts.latest(opened, name), None
            try:
                graded = terminal.grade_with_progress(
                    opened, wanted, found, jobs=jobs, parent=parent, cluster=cluster, console=console, unsafe=unsafe
                )
            except NotAllGraded as error:  # told at the end, below what there is
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


@app.command()
def explain(
    student: Annotated[str, typer.Argument(help="As in the table of scores.")],
    exercise: Annotated[str, typer.Argument(help="For instance e_step.")],
    course: CourseFolder = Path("course"),
    html: Annotated[Path | None, typer.Option(help="Also write it as a page; it holds hidden cases.")] = None,
    unsafe: Unsafe = False,
) -> None:
    """Show what a verdict rests on. Not for students.

    The inputs, what came back, what was expected, by how much it is off. Runs the student's function again, on the same
    cases with the same seeds.
    """
    from autograder.sandbox.forkserver import Parent

    with told_plainly(), Parent() as parent:  # it imports what notebooks need while this process imports the rest
        from autograder.commands import explain as evidence
        from autograder.course.folder import Course

        assignment, found = of_exercise(exercise)
        with console.status(f"Running {exercise} of {student}"):
            explanation = evidence.explain(Course(course), assignment, found, student, parent=parent, unsafe=unsafe)
        console.print(evidence.page(explanation))
        if html:
            recorder = Console(record=True, width=120, file=io.StringIO(), highlight=False)
            recorder.print(evidence.page(explanation))
            recorder.save_html(str(html))


@app.command()
def report(
    out: Annotated[Path, typer.Option(help="The page to write (HTML).")],
    assignments: Assignments = None,
    course: GradedCourse = Path("course"),
    anonymous: Annotated[
        bool, typer.Option("--anonymous", help="Show no names, so that the class may see the page.")
    ] = False,
) -> None:
    """Write a page on the class: scores, what was misunderstood.

    Also which exercises separate the strong from the weak, and who may need help. On all assignments that have been
    graded, if none is named.
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
    out: Annotated[Path, typer.Option(help="Where to write audit.json, and a journal to go on from.")] = Path("audit"),
    nulls: Annotated[int, typer.Option(min=1, help="Comparisons of right answers for each check with draws.")] = 10_000,
    detections: Annotated[int, typer.Option(min=1, help="Trials of each wrong answer.")] = 200,
    jobs: Annotated[int, typer.Option(min=1, help="Processes.")] = CORES,
) -> None:
    """Count how often right answers fail and wrong ones are caught.

    Over fresh seeds. Takes hours with the numbers given, minutes with --nulls 100 --detections 5. Goes on where an
    interrupted run stopped.
    """
    from autograder.commands import audit as counting
    from autograder.commands import terminal

    names = [assignment.name for assignment in named(assignments)]
    with told_plainly():
        lines = terminal.audit_with_progress(
            names, nulls=nulls, detections=detections, jobs=jobs, journal=out / "journal.jsonl", console=console
        )
        command = f"autograder audit {' '.join(names)} --nulls {nulls} --detections {detections}"
        counting.write_report(out / "audit.json", lines, command=command, nulls=nulls, detections=detections)
        console.print(terminal.audit_table(lines))
        console.print(f"Everything: {out / 'audit.json'}", soft_wrap=True)


@app.command()
def solutions(
    assignments: Assignments = None,
    out: Annotated[Path, typer.Option(help="Where to write the solution notebooks and pages.")] = Path("solutions"),
    course: CourseFolder = Path("course"),
    student: Annotated[
        str | None, typer.Option(help="Instead, write this student's graded answers beside the solutions, as a page.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write them before their day.")] = False,
    unsafe: Unsafe = False,
) -> None:
    """Write executed solutions that have earned full marks.

    As notebooks and HTML. Refused before the day that `course.toml` in the course folder names for the assignment.
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


@app.command()
def doctor() -> None:
    """Say which layers of isolation work on this machine.

    And how to get those that do not. Exits with 0 where student code can be isolated well enough to grade: by Landlock
    and seccomp at least.
    """
    from autograder.commands import doctor
    from autograder.sandbox import isolation
    from autograder.student.worker.isolation import strongest

    problems = isolation.probe()
    level = strongest(problems)
    console.print(doctor.table(problems))
    console.print(doctor.verdict(level), soft_wrap=True)
    raise typer.Exit(1 if level == "none" else 0)


@export.command("csv")
def export_csv(
    out: Annotated[Path, typer.Option(help="The file to write.")],
    assignments: Assignments = None,
    course: GradedCourse = Path("course"),
) -> None:
    """Write the marks for a spreadsheet (CSV).

    One row a student, a column for each assignment and exercise. Of all assignments, those that have been graded.
    Points stand in the header. A cell is empty where nothing was handed in, or where a written answer waits for its
    mark.
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
    roster: Annotated[Path, typer.Option(help="The gradebook as Canvas exports it (CSV).")],
    out: Annotated[Path, typer.Option(help="The file to write, for Canvas to import.")],
    course: GradedCourse = Path("course"),
) -> None:
    """Write the marks for Canvas's gradebook.

    Into the rows of its own export. A student's name in the course is looked for among the SIS Login IDs, then the SIS
    User IDs, then the IDs, then what stands before the @ of the SIS Login IDs. A column that is called as the
    assignment is reused.
    """
    from autograder.course.folder import Course
    from autograder.publish import canvas

    with told_plainly():
        publish(Course(course), named(assignments))
        warn(canvas.write(out, Course(course), named(assignments), roster))
        console.print(f"Marks: {out}", soft_wrap=True)


@export.command("gradescope")
def export_gradescope(
    assignment: Annotated[str, typer.Argument(help=f"One of: {', '.join(paths.ASSIGNMENTS)}.")],
    out: Annotated[Path, typer.Option(help="The zip to write.")],
    wheels: Annotated[Path | None, typer.Option(help="A folder of wheels to install from, without network.")] = None,
    unsafe: Annotated[
        bool, typer.Option("--unsafe", help="Grade also where the container cannot isolate student code.")
    ] = False,
) -> None:
    """Write an autograder for Gradescope: a zip to upload there.

    It grades each notebook that is handed in.
    """
    from autograder.publish.gradescope import package

    with told_plainly():
        (wanted,) = named([assignment])
        package.write(out, wanted, unsafe=unsafe, wheels=wheels)
        console.print(f"Autograder: {out}", soft_wrap=True)
        console.print(f"Points: {package.points(wanted)}", soft_wrap=True)


def publish(course: "Course", assignments: "list[Assignment]") -> None:
    """Have the results and the feedback pages take up what people have entered in the gradebook since."""
    from autograder.commands import grade
    from autograder.grading import results

    for assignment in assignments:
        if course.verdicts(assignment.name):
            with course.lock(assignment.name):
                marked = grade.publish(course, assignment)
            warn(results.warnings(marked))


def warn(sentences: list[str]) -> None:
    """Say on the error stream what the instructor should know."""
    stderr = Console(stderr=True, highlight=False)
    for sentence in sentences:
        stderr.print(f"[bold yellow]warning:[/] {escape(sentence)}", soft_wrap=True)


@contextmanager
def started_early(course: Path, assignment: str, submitted: "list[Submission]") -> "Iterator[Parent | None]":
    """The parent of the submissions' processes, at work while this one still loads the assignment.

    None where all have a verdict.
    """
    from autograder.course import verdicts
    from autograder.course.folder import Course
    from autograder.sandbox.forkserver import Parent

    if all(verdicts.current(Course(course), assignment, one) for one in submitted):
        yield None
    else:
        with Parent() as parent:
            yield parent


@contextmanager
def assignments_named() -> "Iterator[None]":
    """Tell whoever has typed the name of an assignment that there is none of that name."""
    try:
        yield
    except KeyError as error:
        raise typer.BadParameter(error.args[0]) from error


def named(names: list[str] | None) -> "list[Assignment]":
    """The assignments of those names, or all.

    Raises:
        typer.BadParameter: there is no such assignment.
    """
    from autograder import exercises

    with assignments_named():
        return [exercises.load(name) for name in names or paths.ASSIGNMENTS]


def of_exercise(name: str) -> "tuple[Assignment, Exercise]":
    """The exercise of that name, and its assignment.

    Raises:
        typer.BadParameter: there is no such exercise.
    """
    from autograder.exercises import Exercise

    texts = {one: (paths.ASSIGNMENT_TEXTS / f"{one}.md").read_text(encoding="utf-8") for one in paths.ASSIGNMENTS}
    # To load all of them would take longer than to run the exercise.
    having_it = [one for one, text in texts.items() if f'exercise="{name}"' in text]
    graded = {
        exercise.name: (assignment, exercise)
        for assignment in named(having_it)
        for exercise in assignment.exercises
        if isinstance(exercise, Exercise)
    }
    if name not in graded:
        raise typer.BadParameter(f"no exercise {name!r}; there are: {', '.join(graded)}")
    return graded[name]


@contextmanager
def told_plainly() -> Iterator[None]:
    """End with a sentence, not a traceback, where the user can do something about it."""
    try:
        yield
    except KitError as error:
        Console(stderr=True, highlight=False).print(f"[bold red]error:[/] {escape(str(error))}", soft_wrap=True)
        sys.exit(1)
