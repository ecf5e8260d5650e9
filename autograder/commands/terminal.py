"""Grading for a person at a terminal: a progress bar, then a table."""

from collections import Counter

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from autograder.commands.grade import grade_class
from autograder.commands.runner import Runner
from autograder.course.folder import Course
from autograder.course.verdicts import Change
from autograder.exercises import Assignment
from autograder.grading import results
from autograder.grading.results import ExerciseResult, Verdict
from autograder.submissions.locate import Submission

MAX_NAME = 30  # columns of a terminal; longer names are shown all the same


def grade_with_progress(
    course: Course,
    assignment: Assignment,
    submitted: list[Submission],
    runner: Runner,
    *,
    console: Console,
) -> list[Verdict]:
    """Grade a class: a line for each student who is finished, above a progress bar on a terminal."""
    columns = (
        TextColumn("Grading {task.fields[assignment]}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    width = min(MAX_NAME, max(cell_len(submission.student) for submission in submitted))
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task("", total=len(submitted), assignment=assignment.name)
        left = len(submitted)

        def finished(verdict: Verdict, anew: bool) -> None:
            nonlocal left
            if anew:
                progress.update(task, advance=1)
                console.print(line(verdict, width=width), soft_wrap=True)
            else:  # stored verdicts say nothing about the time that the rest will take
                left -= 1
                progress.update(task, total=left)

        return grade_class(course, assignment, submitted, runner, on_verdict=finished)


def line(verdict: Verdict, *, width: int) -> Text:
    """One line about a finished student: the automatic score, the seconds, the mistakes that were named."""
    name = Text(verdict.student)  # a name may look like markup
    name.pad_right(max(0, width - name.cell_len))
    remark = "unreadable" if verdict.status == "unreadable" else ", ".join(_mistakes(verdict))
    figures = f"  {verdict.auto_score:>3g} of {verdict.auto_max_score:g}  {verdict.seconds:5.1f} s  {remark}"
    return Text.assemble(name, figures.rstrip())


def _mistakes(verdict: Verdict) -> list[str]:
    return [f"{exercise.misconception} in {exercise.name}" for exercise in verdict.exercises if exercise.misconception]


def table(assignment: Assignment, verdicts: list[Verdict]) -> Group:
    """A row for each student, a numbered column for each exercise; then the exercises' names and the mistakes."""
    # Narrow columns: fifteen exercises must fit on a terminal of 80 columns.
    shown = Table(
        title=assignment.title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    shown.add_column("student", no_wrap=True)
    shown.add_column("score", justify="right", no_wrap=True)
    for number, _ in enumerate(assignment.exercises, start=1):
        shown.add_column(str(number), justify="right", no_wrap=True)
    for verdict in verdicts:
        remarks = [verdict.status] if verdict.status == "unreadable" else []
        remarks += [f"late: −{verdict.score - verdict.final_score:g}"] if verdict.late_penalty else []
        remark = [", ".join(remarks)] if remarks else []
        shown.add_row(Text(verdict.student), f"{verdict.final_score:g}", *map(_cell, verdict.exercises), *remark)
    legend = [
        f"{number} {exercise.name} ({exercise.points})" for number, exercise in enumerate(assignment.exercises, start=1)
    ]
    mistakes = Counter(mistake for verdict in verdicts for mistake in _mistakes(verdict))
    recognised = [f"{name}: {count}" for name, count in mistakes.most_common()]
    return Group(
        shown,
        f"[dim]{assignment.points} points: {', '.join(legend)}; – waits for a mark[/]",
        f"[dim]Mistakes recognised: {'; '.join(recognised) or 'none'}[/]",
        f"[dim]Isolation of student code: {results.weakest_isolation(verdicts)}[/]",
        "",
    )


def changes_table(changes: list[Change]) -> Table:
    """List the marks that have changed, and why."""
    shown = Table(title="Marks that have changed", title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for title in ("student", "exercise", "before", "after", "because"):
        shown.add_column(title, justify="right" if title in ("before", "after") else "left")
    for change in changes:
        scores = ("–" if score is None else f"{score:g}" for score in (change.before, change.after))
        shown.add_row(Text(change.student), change.exercise, *scores, change.why)
    return shown


def _cell(result: ExerciseResult) -> str:
    if result.score is None:
        return "[dim]–[/]"
    return f"[{'green' if result.passed else 'red'}]{result.score:g}[/]"
