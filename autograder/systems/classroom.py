"""Google Classroom: the assignment's folder in Google Drive, downloaded as a zip.

A file of which each student got a copy is called `Ada Lovelace - em.ipynb`. What students attach themselves keeps its
own name, which says nothing of whose it is, unless they have put their name there in the same form. Drive numbers files
of one name: `em (1).ipynb`. When something was handed in is not in the download.

Classroom takes no zip of feedback: the pages come in a folder for each student.

Source: Google's help (Classroom, "each student gets a copy"). No public files of such a download were found.
"""

import re

from autograder.submissions import names
from autograder.systems.download import View
from autograder.systems.handin import Context, HandIn, System, Taken
from autograder.systems.people import full_name, same_name

NAME = re.compile(r"(?P<who>[^/]*[^\W\d_][^/]*?) - (?P<name>[^/]+)", re.DOTALL)


def claims(path: str, context: Context) -> bool:
    return _parts(path, context) is not None


def read(view: View, context: Context) -> list[HandIn]:
    found: dict[str, list[tuple[str, str, str]]] = {}
    for name, entry in view.entries.items():
        if said := _parts(name, context):
            found.setdefault(same_name(said[0]), []).append((entry, *said))
    return [
        HandIn(
            who=who,
            name=files[0][1],
            people=(full_name(files[0][1]),),
            files=tuple(Taken(entry=entry, name=name) for entry, _, name in files),
        )
        for who, files in found.items()
    ]


def _parts(path: str, context: Context) -> tuple[str, str] | None:
    """Whose a file is and what it is called, where its name says both: the assignment's name on one side."""
    found = NAME.fullmatch(path)
    if not found or not names.is_notebooks(path):
        return None
    if names.original(found["name"]).casefold() == context.assignment.casefold():
        return found["who"], found["name"]
    return None


CLASSROOM = System(
    name="classroom",
    title="Google Classroom, the assignment's folder in Drive",
    claims=claims,
    read=read,
    how="Classroom takes no zip of feedback: attach each page to its student's work.",
)
