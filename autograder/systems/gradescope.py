"""Gradescope: "Export Submissions" of a programming assignment.

A folder `assignment_123_export` holds `submission_metadata.yml` and a folder `submission_456` for each active
submission. The metadata file lists the students of each submission (`:submitters:`, with `:name:`, `:sid:`, `:email:`;
several for a group) and the time of submission (`:created_at:`). `:history:` lists earlier submissions, whose files are
not in the export.

Gradescope takes no zip of feedback: the zip of pages has a folder for each student.

Source: scripts on GitHub that read `submission_metadata.yml` and their tests.
"""

from datetime import UTC, date, datetime
from typing import Any

import yaml

from autograder.course.roster import Person
from autograder.errors import DownloadError
from autograder.systems import moments
from autograder.systems.download import View
from autograder.systems.handin import Context, HandIn, System, Taken
from autograder.systems.people import full_name

METADATA = "submission_metadata.yml"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def claims(path: str, context: Context) -> bool:
    return path == METADATA or path.startswith("submission_")


def read(view: View, context: Context) -> list[HandIn]:
    if METADATA not in view.files:
        raise DownloadError(f"{METADATA} is missing, so the students are unknown: export the submissions again")
    try:
        listed = yaml.load(view.content(METADATA), Loader=LOADER)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise DownloadError(f"{METADATA} cannot be read: {error}") from error
    if not isinstance(listed, dict):
        raise DownloadError(f"{METADATA} lists no submissions")
    folders: dict[str, list[str]] = {str(folder): [] for folder in listed}
    for name in view.entries:
        folder, _, below = name.partition("/")
        if name != METADATA and (below or name not in view.files):
            folders.setdefault(folder, []).append(name)
    return [_hand_in(folder, listed.get(folder), names, view, context) for folder, names in folders.items()]


def _hand_in(folder: str, said: Any, names: list[str], view: View, context: Context) -> HandIn:
    said = said if isinstance(said, dict) else {}
    submitters = said.get(":submitters")
    people = tuple(map(_person, filter(_is_somebody, submitters if isinstance(submitters, list) else ())))
    handed_in = _moment(said.get(":created_at"), context.zone)
    taken = tuple(Taken(entry=view.entries[name], name=name.partition("/")[2]) for name in names if name in view.files)
    problem = "" if people else f"{METADATA} does not name its student"
    return HandIn(
        who=" ".join(sorted(person.email or person.number or person.name for person in people)) or folder,
        name=", ".join(person.name for person in people) or folder,
        people=people,
        files=taken,
        order=moments.order(handed_in),
        handed_in=handed_in,
        problem=problem or ("" if taken else "its folder has no file"),
    )


def _is_somebody(said: Any) -> bool:
    return isinstance(said, dict) and any(said.get(name) for name in (":name", ":email", ":sid"))


def _person(said: dict[str, Any]) -> Person:
    named = full_name(str(said.get(":name") or ""))
    return Person(
        first_name=named.first_name,
        last_name=named.last_name,
        email=str(said.get(":email") or ""),
        number=str(said.get(":sid") or ""),
    )


def _moment(said: Any, zone: str) -> datetime | None:
    """Read a time. YAML parses a time in the usual form; any other is text."""
    if isinstance(said, datetime):
        return said.astimezone(UTC).replace(tzinfo=None) if said.tzinfo else said
    return None if said is None or isinstance(said, date) else moments.said(str(said), zone)


GRADESCOPE = System(
    name="gradescope",
    title="Gradescope, Export Submissions",
    claims=claims,
    read=read,
    how="Gradescope takes no zip of feedback: give each page to its student.",
)
