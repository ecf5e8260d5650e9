"""Reading a submitted notebook without trusting it."""

from pathlib import Path

from autograder.notebooks.released import Released
from autograder.submissions import choice, notebooks
from autograder.submissions.cells import Cell, Work, recognised, work


def read_work(path: Path, released: Released) -> Work:
    """What there is to run of a submitted notebook.

    Raises:
        UnreadableNotebook: not a file, too large, not UTF-8, not JSON, or not a notebook.
    """
    return work(read_cells(path, released), released)


def read_cells(path: Path, released: Released) -> list[Cell]:
    """All cells of a notebook, as they were handed in, with the names of the released ones.

    Raises:
        UnreadableNotebook: not a file, too large, not UTF-8, not JSON, or not a notebook.
    """
    counts = choice.choose((path,), released).path  # an archive may hold several
    found = [
        Cell(notebooks.source(cell), notebooks.grade_id(cell, released), number, kind)
        for number, cell in enumerate(notebooks.cells(counts), start=1)
        if isinstance(cell, dict) and (kind := cell.get("cell_type")) in ("code", "markdown", "raw")
    ]
    return recognised(found, released)
