"""Google Classroom: the assignment's folder in Google Drive, downloaded as a zip.

If the teacher gave each student a copy of a file, the copy is called `Ada Lovelace - em.ipynb`. A file that a student
attaches keeps its own name, so its student is unknown unless the student put the name there in the same form. Drive
numbers files of the same name: `em (1).ipynb`. The download does not say when a student handed in.

Classroom takes no zip of feedback: the zip of pages has a folder for each student.

Source: Google's help (Classroom, "each student gets a copy"). No public example of such a download was found.
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
    """Return the student's name and the file's name, if the path has the form `STUDENT - ASSIGNMENT.ipynb`."""
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
