"""Grading as a person watches it: a progress bar, then a table."""

from collections import Counter

from rich.console import Console, Group
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


def table(assignment: Assignment, verdicts: list[Verdict]) -> Group:
    """One row a student, one numbered column an exercise; what the numbers mean; the mistakes recognised."""
    shown = Table(title=assignment.title, title_justify="left", title_style="bold")
    shown.add_column("student", no_wrap=True)
    shown.add_column("score", justify="right", no_wrap=True)
    for number, _ in enumerate(assignment.exercises, start=1):
        shown.add_column(str(number), justify="right", no_wrap=True)
    shown.add_column("", no_wrap=True)
    for verdict in verdicts:
        cells = [_cell(one) for one in verdict.exercises]
        remark = "not readable" if verdict.status == "unreadable" else ""
        shown.add_row(verdict.student, f"{verdict.score:g}", *cells, remark)
    legend = [
        f"{number} {exercise.name} ({exercise.points})" for number, exercise in enumerate(assignment.exercises, start=1)
    ]
    mistakes = Counter(
        f"{one.misconception} in {one.name}" for verdict in verdicts for one in verdict.exercises if one.misconception
    )
    recognised = [f"{name}: {count}" for name, count in mistakes.most_common()]
    return Group(
        shown,
        f"[dim]{assignment.points} points: {', '.join(legend)}; – waits for a mark[/]",
        f"[dim]Mistakes recognised: {'; '.join(recognised) or 'none'}[/]",
        "",
    )


def _cell(result: ExerciseResult) -> str:
    if result.score is None:
        return "[dim]–[/]"
    return f"[{'green' if result.passed else 'red'}]{result.score:g}[/]"
