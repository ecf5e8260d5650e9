"""nbgrader's exchange: its `inbound` folder.

Each attempt is a folder `ada+em+2027-01-20 18:00:00.000000 UTC+c2VjcmV0`, with `timestamp.txt` in it.

Source: nbgrader 0.9.6, `exchange/default/submit.py` and `exchange/default/collect.py`.
"""

import re

from autograder.course.roster import Person
from autograder.submissions import times
from autograder.systems import moments
from autograder.systems.download import View
from autograder.systems.handin import Context, HandIn, System, Taken

FOLDER = re.compile(
    r"(?P<folder>(?P<student>[^/]+)\+(?P<assignment>[^/+]+)\+(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^/+]*)"
    r"(?:\+[^/+]*)?)(?:/(?P<below>.+))?",
    re.DOTALL,
)


def claims(path: str, context: Context) -> bool:
    return FOLDER.fullmatch(path) is not None


def read(view: View, context: Context) -> list[HandIn]:
    found: dict[str, list[tuple[str, str, re.Match[str]]]] = {}
    for name, entry in view.entries.items():
        if (said := FOLDER.fullmatch(name)) and said["assignment"] == context.assignment:
            found.setdefault(said["folder"], []).append((name, entry, said))
    return [_hand_in(files, view) for files in found.values()]


def _hand_in(files: list[tuple[str, str, re.Match[str]]], view: View) -> HandIn:
    _, _, said = files[0]
    try:
        handed_in = times.parse(said["time"])
    except ValueError:
        handed_in = None
    taken = tuple(
        Taken(entry=entry, name=file["below"])
        for name, entry, file in files
        if name in view.files and file["below"] != times.NAME
    )
    return HandIn(
        who=said["student"],
        name=said["student"],
        people=(Person(student=said["student"]),),
        files=taken,
        order=moments.order(handed_in),
        handed_in=handed_in,
        problem="" if taken else "an empty folder",
    )


EXCHANGE = System(
    name="exchange",
    title="nbgrader's exchange, inbound",
    claims=claims,
    read=read,
    how="The exchange takes no zip: use nbgrader release_feedback.",
)
