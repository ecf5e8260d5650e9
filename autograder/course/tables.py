"""CSV tables: parsed as spreadsheets and learning management systems write them, and written for them."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.files import write_atomically

BYTE_ORDER_MARK = "\ufeff"  # without it, Excel assumes an old encoding and breaks every accent


def parse(text: str, *, delimiter: str = ",") -> tuple[list[str], list[list[str]]]:
    """Parse a table: its header, and its rows, cut or filled to the length of the header. Blank lines are left out.

    Raises:
        csv.Error: the text is not a table.
    """
    lines = [*csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    header, *rows = lines or [[]]
    size = len(header)
    return header, [[*row[:size], *[""] * (size - len(row))] for row in rows if row]


def write(path: Path, rows: Iterable[Sequence[str]], *, delimiter: str = ",", for_excel: bool = False) -> None:
    """Write a table, completely or not at all.

    Args:
        rows: the header and the rows.
        for_excel: begin with a byte order mark.
    """
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(rows)
    write_atomically(path, (BYTE_ORDER_MARK if for_excel else "") + text.getvalue().removesuffix("\n"))
