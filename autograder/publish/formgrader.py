"""The notebook that a person sees in formgrader: the student's cells, with the verdict instead of their outputs."""

from itertools import takewhile
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.errors import UnreadableNotebook
from autograder.grading.results import Verdict
from autograder.notebooks import released
from autograder.notebooks.released import check_id
from autograder.publish import feedback
from autograder.submissions.cells import Cell
from autograder.submissions.read import read_cells


def notebook(path: Path, release: NotebookNode, verdict: Verdict) -> NotebookNode:
    """A student's notebook as nbgrader stores it in `autograded/`.

    It has the student's cells in the student's order. Locked cells are as released; a student's version of one follows
    it. Deleted cells are put back. Outputs of the student's code are left out; each check cell shows the kit's verdict
    instead. If a cell is there twice, only the one that counts keeps its name.

    Args:
        path: the submitted notebook. If it cannot be read, the release takes its place.
    """
    known = {name: cell for cell in release.cells if (name := _name(cell))}
    try:
        handed_in = read_cells(path, released.read(release))
        cells = _restored(_unique(handed_in, known), known)
    except UnreadableNotebook as reason:
        note = _cell("markdown", f"The notebook could not be read: {reason}.", "unreadable")
        cells = [note, *_restored([], known)]
    outputs = {check_id(result.name): result for result in verdict.exercises if result.kind == "auto"}
    for cell in cells:
        if exercise := outputs.get(_name(cell) or ""):
            html, text = feedback.fragment(exercise), f"{exercise.score:g} of {exercise.max_score:g}"
            cell.outputs = [new_output("display_data", {"text/plain": text, "text/html": html})]
    return NotebookNode(release, cells=cells)


def _unique(handed_in: list[Cell], known: dict[str, NotebookNode]) -> list[Cell]:
    """The cells, with each name once: the last changed cell keeps it, else the last one."""
    counts: dict[str, Cell] = {}
    for cell in handed_in:
        if cell.grade_id:
            earlier = counts.get(cell.grade_id)
            untouched = cell.source.strip() == known[cell.grade_id].source.strip()
            if earlier is None or not untouched:
                counts[cell.grade_id] = cell
    return [
        cell if not cell.grade_id or counts[cell.grade_id] is cell else Cell(cell.source, None, cell.number, cell.kind)
        for cell in handed_in
    ]


def _restored(handed_in: list[Cell], known: dict[str, NotebookNode]) -> list[NotebookNode]:
    """The cells as notebook nodes. A deleted cell follows the cell that preceded it in the release."""
    present = {cell.grade_id for cell in handed_in}
    names = list(known)
    first = takewhile(lambda name: name not in present, names)
    nodes = [_node(known[name]) for name in first]
    for cell in handed_in:
        if not cell.grade_id:
            nodes.append(_cell(cell.kind, cell.source, f"own-{cell.number}"))
            continue
        nodes.append(_node(known[cell.grade_id], source=cell.source))
        if known[cell.grade_id].metadata["nbgrader"]["locked"] and not released.same_text(
            cell.source, nodes[-1].source
        ):
            nodes.append(_cell("code", cell.source, f"own-{cell.number}"))  # with the student's additions
        following = names[names.index(cell.grade_id) + 1 :]
        nodes += [_node(known[name]) for name in takewhile(lambda name: name not in present, following)]
    return nodes


def _node(cell: NotebookNode, *, source: str | None = None) -> NotebookNode:
    """A released cell, with the student's text if it is a cell for students."""
    tag = cell.metadata["nbgrader"]
    text = cell.source if source is None or tag["locked"] else source
    return _cell(cell.cell_type, text, cell.id, cell.metadata)


def _cell(kind: str, source: str, name: str, metadata: NotebookNode | None = None) -> NotebookNode:
    """An unchecked cell. nbformat's own makers check every single cell, and writing checks all of them again."""
    cell = NotebookNode(cell_type=kind, id=name, metadata=metadata or NotebookNode(), source=source)
    if kind == "code":
        cell.update(execution_count=None, outputs=[])
    return cell


def _name(cell: NotebookNode) -> str | None:
    return cell.metadata.get("nbgrader", {}).get("grade_id")
