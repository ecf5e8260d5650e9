"""Read notebook files from students. Nothing about their content is certain."""

import json
from collections.abc import Container
from pathlib import Path
from typing import Any

from autograder.errors import UnreadableNotebook
from autograder.files import decoded
from autograder.submissions import archives, files
from autograder.submissions.files import WHAT_TO_DO
from autograder.submissions.names import legible

MAX_CELLS = 5_000
EMPTY = "the file is empty, not a valid notebook: save the notebook before you hand it in"


def cells(path: Path) -> list[Any]:
    """The cells of a notebook file, as parsed from JSON, unchecked.

    Raises:
        UnreadableNotebook: not a file, too large, not UTF-8, not JSON, or not a notebook.
    """
    match _parsed(files.content(path)):
        case {"cells": list() as found}:
            pass
        case {"worksheets": list() as sheets}:  # version 3 of the format and older
            found = [cell for sheet in sheets for cell in _listed(sheet)]
        case _:
            says = f"the file is JSON but not a notebook: it has no list of cells; {WHAT_TO_DO}"
            raise UnreadableNotebook("no_cells", says)
    if len(found) > MAX_CELLS:
        raise UnreadableNotebook("too_many_cells", f"the notebook has {len(found)} cells; at most {MAX_CELLS} are read")
    return found


def source(cell: dict) -> str:
    """The text of a cell; empty if its source is not text, which no notebook program writes."""
    match cell.get("source", cell.get("input")):
        case str() as text:
            pass
        case list() as lines:
            text = "".join(line for line in lines if isinstance(line, str))
        case _:
            text = ""
    return text.encode("utf-8", "replace").decode()  # JSON may contain half of a surrogate pair


def grade_id(cell: dict, known: Container[str]) -> str | None:
    """The name of the released cell; None for names that the release does not have."""
    metadata = cell.get("metadata")
    tag = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = tag.get("grade_id") if isinstance(tag, dict) else None
    return name if isinstance(name, str) and name in known else None


def _listed(sheet: Any) -> list[Any]:
    found = sheet.get("cells") if isinstance(sheet, dict) else None
    return found if isinstance(found, list) else []


def _parsed(content: bytes) -> Any:
    if content.startswith(archives.BEGINNING):
        raise UnreadableNotebook("another_format", _of_archive(content))
    if kind := files.kind(content):
        raise UnreadableNotebook("another_format", f"the file is {kind}, not a notebook: {WHAT_TO_DO}")
    try:
        text = decoded(content)
    except UnicodeDecodeError as error:
        says = f"the file is not UTF-8 text: it may be another kind of file; {WHAT_TO_DO}"
        raise UnreadableNotebook("not_text", says) from error
    if not text.strip():
        raise UnreadableNotebook("empty", EMPTY)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if not text.lstrip().startswith(("{", "[")):
            what = "a binary file" if "\0" in text else "a text"
            raise UnreadableNotebook("another_format", f"the file is {what}, not a notebook: {WHAT_TO_DO}") from error
        why = f"its JSON breaks at line {error.lineno}, column {error.colno}"
        raise UnreadableNotebook(
            "broken",
            f"the file is not a valid notebook: {why}; it may have been cut off or edited by hand: "
            "if Jupyter does not open it either, copy your answers into the released notebook",
        ) from error
    except RecursionError as error:
        raise UnreadableNotebook("broken", "the file is not a valid notebook: its JSON is nested too deep") from error
    except ValueError as error:  # digits that Python does not convert to a number
        says = "the file is not a valid notebook: a number in it has too many digits"
        raise UnreadableNotebook("broken", says) from error


def _of_archive(content: bytes) -> str:
    """Why an archive is not a notebook."""
    if document := archives.document(content):
        return f"the file is {document}, not a notebook: {WHAT_TO_DO}"
    names = archives.names(content)
    if not names:
        return f"the file is a zip archive, not a notebook, and no file can be read in it: {WHAT_TO_DO}"
    inside = files.listed([*map(legible, names)])
    return f"the file is a zip archive, not a notebook, and holds none: {inside}; {WHAT_TO_DO}"
