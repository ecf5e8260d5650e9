"""What a notebook held when it was released: how its cells are called, and what in them is not a student's work."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nbformat import NotebookNode

CHECK = "check_"


def check_id(exercise: str) -> str:
    """The grade id of the cell that carries an exercise's points in nbgrader."""
    return f"{CHECK}{exercise}"


@dataclass(frozen=True)
class Released:
    """The cells of a released notebook by nbgrader grade id.

    Attributes:
        given: locked code, to be run as it was.
        skeletons: where students write code.
        checks: the self-check cells.
        written: where students write text, and the question: the text that stands above.
        blanks: what stands there until they do.
    """

    given: Mapping[str, str]
    skeletons: Mapping[str, str]
    checks: Mapping[str, str]
    written: Mapping[str, str] = field(default_factory=dict)
    blanks: Mapping[str, str] = field(default_factory=dict)

    def kind(self, name: str) -> str:
        """The type of the cell of that name."""
        return "markdown" if name in self.written else "code"

    def __contains__(self, name: object) -> bool:
        return any(name in part for part in (self.given, self.skeletons, self.checks, self.written))


def read(notebook: NotebookNode) -> Released:
    """Sort the tagged cells of a released (or source) notebook."""
    given, skeletons, checks, written, blanks = {}, {}, {}, {}, {}
    above = ""
    for cell in notebook.cells:
        if tag := cell.metadata.get("nbgrader"):
            name = tag["grade_id"]
            if tag["solution"] and cell.cell_type == "markdown":
                written[name], blanks[name] = above, cell.source
            else:
                part = skeletons if tag["solution"] else checks if tag["grade"] else given
                part[name] = cell.source
        above = cell.source
    return Released(given, skeletons, checks, written, blanks)
