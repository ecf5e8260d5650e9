"""Notebook files as students hand them in: nothing about what they hold is certain."""

import codecs
import json
from collections.abc import Container
from pathlib import Path
from typing import Any

from autograder.errors import UnreadableNotebook
from autograder.submissions import archives, files
from autograder.submissions.files import WHAT_TO_DO
from autograder.submissions.names import legible

MAX_CELLS = 5_000
EMPTY = "the file is empty, not a valid notebook: save the notebook before you hand it in"
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def cells(path: Path) -> list[Any]:
    """All that a notebook has for cells.

    Raises:
        UnreadableNotebook: not a file, too large, not UTF-8, not JSON, or not a notebook.
    """
    match _parsed(files.content(path)):
        case {"cells": list() as found}:
            pass
        case {"worksheets": list() as sheets}:  # before version 4 of the format
            found = [cell for sheet in sheets for cell in _listed(sheet)]
        case _:
            raise UnreadableNotebook(f"the file is JSON but not a notebook: it has no list of cells; {WHAT_TO_DO}")
    if len(found) > MAX_CELLS:
        raise UnreadableNotebook(f"the notebook has {len(found)} cells; at most {MAX_CELLS} are read")
    return found


def source(cell: dict) -> str:
    """The cell's text; empty where it has none that is text, which no notebook program writes."""
    match cell.get("source", cell.get("input")):
        case str() as text:
            pass
        case list() as lines:
            text = "".join(line for line in lines if isinstance(line, str))
        case _:
            text = ""
    return text.encode("utf-8", "replace").decode()  # JSON may hold half a surrogate pair


def grade_id(cell: dict, known: Container[str]) -> str | None:
    """The name of a released cell; other names are the student's own, and mean nothing."""
    metadata = cell.get("metadata")
    tag = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = tag.get("grade_id") if isinstance(tag, dict) else None
    return name if isinstance(name, str) and name in known else None


def _listed(sheet: Any) -> list[Any]:
    found = sheet.get("cells") if isinstance(sheet, dict) else None
    return found if isinstance(found, list) else []


def _parsed(content: bytes) -> Any:
    if content.startswith(archives.BEGINNING):
        raise UnreadableNotebook(_of_archive(content))
    if kind := files.kind(content):
        raise UnreadableNotebook(f"the file is {kind}, not a notebook: {WHAT_TO_DO}")
    try:
        text = content.decode("utf-16" if content.startswith(UTF16) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableNotebook(f"the file is not UTF-8 text: it may be another kind of file; {WHAT_TO_DO}") from error
    if not text.strip():
        raise UnreadableNotebook(EMPTY)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if not text.lstrip().startswith(("{", "[")):
            what = "a binary file" if "\0" in text else "a text"
            raise UnreadableNotebook(f"the file is {what}, not a notebook: {WHAT_TO_DO}") from error
        why = f"its JSON breaks at line {error.lineno}, column {error.colno}"
        raise UnreadableNotebook(
            f"the file is not a valid notebook: {why}; it may have been cut off or edited by hand: "
            "if Jupyter does not open it either, copy your answers into the released notebook"
        ) from error
    except RecursionError as error:
        raise UnreadableNotebook("the file is not a valid notebook: its JSON is nested too deep") from error
    except ValueError as error:  # what Python does not turn into a number
        raise UnreadableNotebook("the file is not a valid notebook: a number in it has too many digits") from error


def _of_archive(content: bytes) -> str:
    """Why an archive is not a notebook."""
    if document := archives.document(content):
        return f"the file is {document}, not a notebook: {WHAT_TO_DO}"
    names = archives.names(content)
    if not names:
        return f"the file is a zip archive, not a notebook, and no file can be read in it: {WHAT_TO_DO}"
    shown = ", ".join(map(legible, names[: files.MAX_LISTED]))
    more = f" and {len(names) - files.MAX_LISTED} more" if len(names) > files.MAX_LISTED else ""
    return f"the file is a zip archive, not a notebook, and holds none: {shown}{more}; {WHAT_TO_DO}"
