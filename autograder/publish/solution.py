"""The page of a solution: the executed notebook as one HTML file that needs neither a network nor JavaScript."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from nbformat import NotebookNode

from autograder.exercises import Assignment
from autograder.publish import feedback, texts


@dataclass(frozen=True)
class Cell:
    """A cell as HTML.

    Attributes:
        kind: "text" or "code".
        answers: the exercise that the cell answers; empty if none.
        outputs: the outputs of the cell, as HTML.
    """

    kind: str
    html: str
    answers: str
    outputs: tuple[str, ...]


def page(assignment: Assignment, notebook: NotebookNode) -> str:
    """Make the page of a solution.

    Args:
        notebook: the executed solution. It is trusted: HTML in its texts and outputs stays.
    """
    cells = [_cell(cell) for cell in notebook.cells if cell.source.strip() and not _folded(cell)]
    return feedback.templates().get_template("solution.html").render(
        assignment=assignment, cells=cells, colours=texts.colours()
    )  # fmt: skip


def _folded(cell: NotebookNode) -> bool:
    """Whether a notebook hides the code of this cell, as it does for the cell that fetches the self-check."""
    return cell.metadata.get("jupyter", {}).get("source_hidden", False)


def _cell(cell: NotebookNode) -> Cell:
    tag = cell.metadata.get("nbgrader", {})
    answers = tag["grade_id"] if tag.get("solution") else ""
    if cell.cell_type == "markdown":
        return Cell("text", texts.prose(cell.source, trusted=True), answers, ())
    outputs = (_output(output) for output in cell.outputs)
    return Cell("code", texts.code(cell.source), answers, tuple(filter(None, outputs)))


def _output(output: NotebookNode) -> str:
    """An output as HTML: a picture with its alternative text, a page, or plain text."""
    if output.output_type == "stream":
        return f"<pre>{escape(output.text)}</pre>"
    shown: Mapping[str, Any] = output.data
    if "image/png" in shown:
        alternative = output.metadata.get("image/png", {}).get("alt", "")
        return f'<img src="data:image/png;base64,{shown["image/png"].strip()}" alt="{escape(alternative)}">'
    if "text/html" in shown:
        return shown["text/html"]
    return f"<pre>{escape(shown['text/plain'])}</pre>" if "text/plain" in shown else ""
