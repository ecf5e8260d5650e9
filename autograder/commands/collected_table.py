"""What `autograder collect` prints."""

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
    "older": "earlier than what is there",
}


def parts(outcome: Outcome, assignment: str, root: Path, *, dry_run: bool) -> Iterator[str | Table]:
    """What is printed, in its order."""
    claimed, of = outcome.claimed
    yield f"Recognised: {outcome.system.title} ({claimed} of {of} names)."
    if outcome.lines:
        yield table(outcome)
    for one in outcome.left:
        yield f"Not collected: {escape(legible(one.name))}: {escape(legible(one.why))}"
    if outcome.missing:
        yield missing(outcome)
    yield summary(outcome, assignment, root, dry_run=dry_run)


def table(outcome: Outcome) -> Table:
    """Who has handed in what."""
    shown = roster.shown(outcome.people, [one.record.student for one in outcome.lines])
    columns = ("student", "name", "handed in (UTC)", "files", "")
    found = Table(box=None, pad_edge=False)
    for title in columns:
        found.add_column(title, justify="right" if title == "files" else "left", overflow="fold")
    for one in outcome.lines:
        student = one.record.student
        name = shown[student] if shown[student] != student else one.record.name
        cells = [student, name, when(one), str(len(one.record.files)), remarks(one)]
        found.add_row(*(escape(legible(cell)) for cell in cells))
    return found


def when(line: Line) -> str:
    """When it was handed in, in UTC, and whether it was late."""
    time = f"{line.record.time:%Y-%m-%d %H:%M}" if line.record.time else ""
    return f"{time} late".strip() if line.record.late else time


def remarks(line: Line) -> str:
    """What there is to say of a student."""
    with_whom = [one for one in line.record.group if one != line.record.student]
    said = [
        f"with {', '.join(with_whom)}" if with_whom else "",
        CHANGES[line.change],
        f"{line.earlier} earlier kept" if line.earlier else "",
        *line.remarks,
    ]
    return "; ".join(filter(None, said))


def missing(outcome: Outcome) -> str:
    """Who has handed in nothing, of those whom the roster lists."""
    listed = ", ".join(outcome.missing[:MOST_LISTED])
    more = len(outcome.missing) - MOST_LISTED
    return escape(legible(f"Nothing from: {listed}{f' and {more} more' if more > 0 else ''}"))


def summary(outcome: Outcome, assignment: str, root: Path, *, dry_run: bool) -> str:
    """How many students, how many late, and where their work lies."""
    late = sum(bool(one.record.late) for one in outcome.lines)
    told = [f"{len(outcome.lines)} student{'' if len(outcome.lines) == 1 else 's'}"]
    told += [f"{late} late"] if late else []
    told += [f"{len(outcome.left)} not collected"] if outcome.left else []
    where = "nothing is written (--dry-run)" if dry_run else f"{root}/submitted/STUDENT/{assignment}"
    return escape(f"{', '.join(told)}: {where}")
