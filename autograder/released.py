"""What a notebook held when it was released: how its cells are called, and what in them is not a student's work."""

from dataclasses import dataclass

from nbformat import NotebookNode


def check_id(exercise: str) -> str:
    """The grade id of the cell that carries an exercise's points in nbgrader."""
    return f"check_{exercise}"


@dataclass(frozen=True)
class Released:
    """The cells of a released notebook by nbgrader grade id.

    `given` is locked code, to be run as it was; `skeletons` is where students write;
    `checks` are the self-check cells.
    """

    given: dict[str, str]
    skeletons: dict[str, str]
    checks: frozenset[str]


def read(notebook: NotebookNode) -> Released:
    """Sort the tagged cells of a released (or source) notebook."""
    tagged = [(cell, cell.metadata["nbgrader"]) for cell in notebook.cells if "nbgrader" in cell.metadata]
    return Released(
        given={tag["grade_id"]: cell.source for cell, tag in tagged if tag["locked"] and not tag["grade"]},
        skeletons={tag["grade_id"]: cell.source for cell, tag in tagged if tag["solution"]},
        checks=frozenset(tag["grade_id"] for cell, tag in tagged if tag["grade"] and not tag["solution"]),
    )
