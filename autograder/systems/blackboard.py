"""Blackboard Learn (Original): "Assignment File Download" of a column of the Grade Center.

A file is called `Homework 1_alovelace_attempt_2027-01-20-18-00-00_em.ipynb`: the assignment, the user name, the time in
the server's zone, and the name that the student gave the file. Each attempt has a text file,
`…_attempt_2027-01-20-18-00-00.txt`, that begins with `Name: Ada Lovelace (alovelace)` and `Date Submitted: …`. The zip
holds all attempts if the instructor chose that. Names of assignments and of users may contain underscores. If there is
no text file, the user name begins where the names in the download begin to differ.

Blackboard takes no zip of feedback: the zip of pages has a folder for each student.

Source: Blackboard's help (Download Assignments), and scripts that read such downloads: nbgrader's `zip_collect` (its
help shows such a name), CodeGrade's `psef/blackboard.py` (the text file), kwurst/bb-file-cleanup.
"""

import re
from dataclasses import replace
from datetime import datetime

from autograder.course.roster import Person
from autograder.submissions import times
from autograder.systems import moments
from autograder.systems.download import View
from autograder.systems.handin import Context, HandIn, System, Taken
from autograder.systems.people import full_name

NAME = re.compile(r"(?P<who>[^/]+)_attempt_(?P<time>\d{4}(?:-\d\d){5})(?:_(?P<name>[^/]+)|(?P<text>\.txt))", re.DOTALL)
WHO = re.compile(r"^Name:\s*(?P<name>.*?)\s*\((?P<login>[^()\n]*)\)\s*$", re.MULTILINE)
WHEN = re.compile(r"^Date Submitted:\s*(?P<time>.+?)\s*$", re.MULTILINE)


def claims(path: str, context: Context) -> bool:
    return NAME.fullmatch(path) is not None


def read(view: View, context: Context) -> list[HandIn]:
    found: dict[tuple[str, str], list[tuple[str, re.Match[str]]]] = {}
    for name, entry in view.entries.items():
        if (said := NAME.fullmatch(name)) and name in view.files:
            found.setdefault((said["who"], said["time"]), []).append((entry, said))
    before = _common([who for who, _ in found])
    return [_hand_in(who[len(before) :], time, files, view, context) for (who, time), files in found.items()]


def _common(names: list[str]) -> str:
    """Return the prefix that all names share, up to an underscore: the name of the assignment."""
    if len({*names}) == 1:
        return names[0][: names[0].rfind("_") + 1]
    first, last = min(names), max(names)
    length = next((place for place, pair in enumerate(zip(first, last, strict=False)) if len({*pair}) > 1), len(first))
    return first[: first.rfind("_", 0, length) + 1]


def _hand_in(login: str, time: str, files: list[tuple[str, re.Match[str]]], view: View, context: Context) -> HandIn:
    # The time is in the server's zone.
    handed_in = moments.local(datetime.strptime(time, "%Y-%m-%d-%H-%M-%S"), context.zone)
    person = Person(login=login)
    for entry, said in files:
        if said["text"]:
            person, handed_in = _told(view.download.content(entry), person, handed_in)
    taken = tuple(Taken(entry=entry, name=said["name"]) for entry, said in files if said["name"])
    return HandIn(
        who=person.login,
        name=person.name or person.login,
        people=(person,),
        files=taken,
        order=time,
        handed_in=handed_in,
        problem="" if taken else "no file was attached",
    )


def _told(content: bytes, person: Person, handed_in: datetime) -> tuple[Person, datetime]:
    """Read who handed in and when from the text file. Read only its beginning: the rest is what the student typed."""
    head = content.decode("utf-8-sig", errors="replace").partition("Submission Field:")[0]
    if found := WHO.search(head):
        person = replace(full_name(found["name"]), login=found["login"])
    if found := WHEN.search(head):
        try:
            named = times.parse(found["time"])
        except ValueError:
            return person, handed_in
        # A time without a zone is in the server's zone, like the one in the file's name: keep that one.
        return person, named if re.search(r"[A-Z]{3,4}$|[+-]\d\d:?\d\d$", found["time"]) else handed_in
    return person, handed_in


BLACKBOARD = System(
    name="blackboard",
    title="Blackboard, Assignment File Download",
    claims=claims,
    read=read,
    how="Blackboard takes no zip of feedback: attach each page to its student's attempt.",
)
