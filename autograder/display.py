"""Grading as a person watches it: a progress bar, then a table."""

from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from autograder.classroom import grade_class
from autograder.course import Course
from autograder.exercises import Assignment
from autograder.results import ExerciseResult, Verdict
from autograder.submissions import Submission


def grade_with_progress(
    course: Course, assignment: Assignment, submitted: list[Submission], *, jobs: int, console: Console
) -> list[Verdict]:
    """Grade a class behind a progress bar that names who was finished last."""
    columns = (
        TextColumn("Grading {task.fields[assignment]}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[last]}"),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=len(submitted), assignment=assignment.name, last="starting")

        def finished(verdict: Verdict) -> None:
            progress.update(task, advance=1, last=f"{verdict.student}: {verdict.auto_score:g}")

        return grade_class(course, assignment, submitted, jobs=jobs, on_verdict=finished)


def table(assignment: Assignment, verdicts: list[Verdict]) -> Table:
    """One row a student, one column an exercise; and the mistakes that were recognised."""
    shown = Table(title=assignment.title, title_justify="left", title_style="bold", expand=False)
    shown.add_column("student", no_wrap=True)
    shown.add_column("score", justify="right", no_wrap=True)
    for exercise in assignment.exercises:
        shown.add_column(exercise.name.replace("_", "\n"), justify="right")
    shown.add_column("recognised")
    for verdict in verdicts:
        seen = [one.misconception for one in verdict.exercises if one.misconception]
        remark = "not readable" if verdict.status == "unreadable" else ", ".join(seen)
        cells = [_cell(one) for one in verdict.exercises]
        shown.add_row(verdict.student, f"{verdict.score:g}/{verdict.max_score:g}", *cells, remark.replace("_", " "))
    return shown


def _cell(result: ExerciseResult) -> str:
    if result.score is None:
        return "[dim]–[/]"
    return f"[{'green' if result.passed else 'red'}]{result.score:g}[/]"


def where(paths: dict[str, Path]) -> Table:
    """A list of what lies where."""
    shown = Table.grid(padding=(0, 2))
    for name, path in paths.items():
        shown.add_row(name, str(path))
    return shown
