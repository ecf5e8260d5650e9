"""The cells of a released notebook: their names, and the text that the release gave them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode

CHECK = "check_"


def check_id(exercise: str) -> str:
    """The grade id of the self-check cell, which carries the exercise's points in nbgrader."""
    return f"{CHECK}{exercise}"


@dataclass(frozen=True)
class Released:
    """The cells of a released notebook by nbgrader grade id.

    Attributes:
        given: locked code, which runs as released.
        skeletons: the cells where students write code.
        checks: the self-check cells.
        written: the cells where students write text, each with its question: the text above it.
        blanks: the text of the written cells in the release, before the student writes.
        demonstrations: the code cells without a name, which students may run and change.
    """

    given: Mapping[str, str]
    skeletons: Mapping[str, str]
    checks: Mapping[str, str]
    written: Mapping[str, str] = field(default_factory=dict)
    blanks: Mapping[str, str] = field(default_factory=dict)
    demonstrations: Sequence[str] = ()

    def kind(self, name: str) -> str:
        """The cell type, `markdown` or `code`, of the cell with this name."""
        return "markdown" if name in self.written else "code"

    def __contains__(self, name: object) -> bool:
        return any(name in part for part in (self.given, self.skeletons, self.checks, self.written))


def same_text(source: str, other: str) -> bool:
    """Whether two cells have the same text, apart from line endings and empty lines, which programs change."""
    return bare_text(source) == bare_text(other)


def bare_text(source: str) -> str:
    """The text of a cell without empty lines and spaces at the ends of lines."""
    return "\n".join(line.rstrip() for line in source.splitlines() if line.strip())


def read(notebook: NotebookNode) -> Released:
    """Sort the cells of a released notebook, or of a source notebook."""
    given, skeletons, checks, written, blanks = {}, {}, {}, {}, {}
    demonstrations = []
    above = ""
    for cell in notebook.cells:
        if tag := cell.metadata.get("nbgrader"):
            name = tag["grade_id"]
            if tag["solution"] and cell.cell_type == "markdown":
                written[name], blanks[name] = above, cell.source
            else:
                part = skeletons if tag["solution"] else checks if tag["grade"] else given
                part[name] = cell.source
        elif cell.cell_type == "code":
            demonstrations.append(cell.source)
        above = cell.source
    return Released(given, skeletons, checks, written, blanks, tuple(demonstrations))
