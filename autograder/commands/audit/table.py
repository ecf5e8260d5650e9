"""The audit for a person at a terminal: a progress bar, then a table."""

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console, Group
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from .report import TOGETHER, Line
from .run import run


def state(current: Mapping[str, bool]) -> str:
    """Say for which assignments the published audit is of the present checks."""
    fresh, stale = ([name for name, same in current.items() if same is wanted] for wanted in (True, False))
    said = [f"The published audit is of the present checks of {', '.join(fresh)}."] if fresh else []
    said += [f"[red]The published audit is not of the present checks of {', '.join(stale)}.[/]"] if stale else []
    return "\n".join(said)


def run_with_progress(
    names: list[str], *, nulls: int, detections: int, jobs: int, journal: Path, console: Console
) -> list[Line]:
    """Audit assignments behind a progress bar."""
    columns = (TextColumn("Auditing"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("", total=None)
        return run(
            names,
            nulls=nulls,
            detections=detections,
            jobs=jobs,
            journal=journal,
            on_progress=lambda done, total: progress.update(task, completed=done, total=total),
        )


def table(lines: list[Line]) -> Group:
    """A row for each exercise: the worst false-fail rate and the worst detection rate; then every missed target."""
    shown = Table(title="Audit", title_justify="left", title_style="bold")
    for title in (
        "exercise",
        "comparisons",
        "most fails",
        "interval",
        "mistakes",
        "least caught",
        "interval",
    ):
        shown.add_column(title, justify="left" if title == "exercise" else "right")
    for assignment, name in dict.fromkeys((line.assignment, line.exercise) for line in lines):
        own = [line for line in lines if (line.assignment, line.exercise) == (assignment, name)]
        right = [line for line in own if line.variant == TOGETHER]
        wrong = [line for line in own if line.kind == "wrong"]
        highest = max(right, key=lambda line: line.rate)
        cells = [name, f"{sum(line.trials for line in right):,}", f"{highest.rate:.2%}", _interval(highest)]
        if wrong:
            least = min(wrong, key=lambda line: line.rate)
            cells += [str(len(wrong)), f"{least.rate:.1%}", _interval(least)]
        shown.add_row(*cells)
    missed = [
        f"[red]{line.exercise}: {line.variant} {line.case}: {line.hits} of {line.trials}[/]"
        for line in lines
        if not line.met
    ]
    return Group(shown, *(missed or ["[green]Every target is met.[/]"]))


def _interval(line: Line) -> str:
    return f"{line.low:.2%} to {line.high:.2%}"
