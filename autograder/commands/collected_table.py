"""The output of `autograder collect`."""

from collections.abc import Iterator
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from autograder.course import roster
from autograder.submissions.names import legible
from autograder.systems.collect import Line, Outcome

MOST_LISTED = 12
CHANGES = {
    "new": "",
    "newer": "a later attempt",
    "same": "as before",
    "older": "earlier than the attempt already collected",
}


def parts(outcome: Outcome, assignment: str, root: Path, *, dry_run: bool) -> Iterator[str | Table]:
    """Yield the parts of the output, in order."""
    claimed, of = outcome.claimed
    yield f"Recognised: {outcome.system.title} ({claimed} of {of} names)."
    if outcome.lines:
        yield table(outcome)
    for item in outcome.left:
        yield f"Not collected: {escape(legible(item.name))}: {escape(legible(item.why))}"
    if outcome.missing:
        yield missing(outcome)
    yield summary(outcome, assignment, root, dry_run=dry_run)


def table(outcome: Outcome) -> Table:
    """Make a table with a row for each student whose work was collected."""
    shown = roster.shown(outcome.people, [line.record.student for line in outcome.lines])
    columns = ("student", "name", "handed in (UTC)", "files", "")
    found = Table(box=None, pad_edge=False)
    for title in columns:
        found.add_column(title, justify="right" if title == "files" else "left", overflow="fold")
    for line in outcome.lines:
        student = line.record.student
        name = shown[student] if shown[student] != student else line.record.name
        cells = [student, name, when(line), str(len(line.record.files)), remarks(line)]
        found.add_row(*(escape(legible(cell)) for cell in cells))
    return found


def when(line: Line) -> str:
    """The time of submission in UTC, and whether it was late."""
    time = f"{line.record.time:%Y-%m-%d %H:%M}" if line.record.time else ""
    return f"{time} late".strip() if line.record.late else time


def remarks(line: Line) -> str:
    """The remarks about a student, in one cell."""
    with_whom = [member for member in line.record.group if member != line.record.student]
    said = [
        f"with {', '.join(with_whom)}" if with_whom else "",
        CHANGES[line.change],
        f"{line.earlier} earlier kept" if line.earlier else "",
        *line.remarks,
    ]
    return "; ".join(filter(None, said))


def missing(outcome: Outcome) -> str:
    """List the students of the roster who have handed in nothing."""
    listed = ", ".join(outcome.missing[:MOST_LISTED])
    more = len(outcome.missing) - MOST_LISTED
    return escape(legible(f"Nothing from: {listed}{f' and {more} more' if more > 0 else ''}"))


def summary(outcome: Outcome, assignment: str, root: Path, *, dry_run: bool) -> str:
    """Count the students and the late submissions, and say where their work is."""
    late = sum(bool(line.record.late) for line in outcome.lines)
    told = [f"{len(outcome.lines)} student{'' if len(outcome.lines) == 1 else 's'}"]
    told += [f"{late} late"] if late else []
    told += [f"{len(outcome.left)} not collected"] if outcome.left else []
    where = "nothing is written (--dry-run)" if dry_run else f"{root}/submitted/STUDENT/{assignment}"
    return escape(f"{', '.join(told)}: {where}")
