"""Brightspace (D2L): "Download" of the submissions of an assignment, and "Add Feedback Files".

A folder is called `152711-351765 - Ada Lovelace - Jan 20, 2027 600 PM`: two numbers, the name of the student or the
group, and the time without its colon, in the time zone of the person who downloads. Older downloads have no folders:
the file's name follows after another ` - `. An `index.html` lists everything. Each attempt of a student has its own
folder.

The meaning of the two numbers is not documented; this module takes the first for the student's number. When an
instructor adds feedback by a zip, Brightspace matches the pages by the folder's name.

Source: the tests and the documentation of scripts on GitHub that read such downloads, with folders (`152711-351765 -
John Doe - May 18, 2025 1224 PM`) and without (`13394-80551 - Eric Gillotti - Mar 29, 2018 1205 PM - Homework 6.zip`).
"""

import re
from datetime import datetime

from autograder.systems import moments
from autograder.systems.download import View
from autograder.systems.handin import Context, HandIn, System, Taken
from autograder.systems.people import full_name

FOLDER = re.compile(
    r"(?P<folder>(?P<number>\d+-\d+) - (?P<who>[^/]+?) - (?P<time>[^/]*?\d{4},? \d{1,2}[:._]?\d{2}(?: ?[AP]M)?))"
    r"(?:(?P<flat> - )(?P<name>[^/]+)|/(?P<below>.+))?",
    re.DOTALL | re.IGNORECASE,
)
CLOCK = re.compile(r"\b(?P<hour>\d{1,2})[:._]?(?P<minute>\d{2})(?P<half> ?[AP]M)?$", re.IGNORECASE)
FORMS = ("%b %d, %Y", "%B %d, %Y", "%d %B, %Y", "%d %b, %Y", "%d %B %Y", "%d %b %Y", "%B %d %Y", "%b %d %Y")


def claims(path: str, context: Context) -> bool:
    return path == "index.html" or FOLDER.fullmatch(path) is not None


def read(view: View, context: Context) -> list[HandIn]:
    found: dict[str, list[tuple[str, str, re.Match[str]]]] = {}
    for name, entry in view.entries.items():
        if said := FOLDER.fullmatch(name):
            found.setdefault(said["folder"], []).append((name, entry, said))
    return [_hand_in(files, view, context) for files in found.values()]


def _hand_in(files: list[tuple[str, str, re.Match[str]]], view: View, context: Context) -> HandIn:
    _, _, said = files[0]
    handed_in = moment(said["time"], context.zone)
    taken = tuple(
        Taken(entry=entry, name=file["below"] or file["name"]) for name, entry, file in files if name in view.files
    )
    return HandIn(
        who=f"{said['number'].partition('-')[0]} {said['who']}",
        name=said["who"],
        people=(full_name(said["who"]),),
        files=taken,
        order=moments.order(handed_in),
        handed_in=handed_in,
        upload=f"{said['folder']}{said['flat'] or '/'}{context.page}",
        problem="" if taken else "an empty folder",
    )


def moment(text: str, zone: str) -> datetime | None:
    """Parse `Jan 20, 2027 600 PM` to a time in UTC without zone; return None for any other form."""
    clock = CLOCK.search(text)
    if not clock:
        return None
    day = text[: clock.start()].strip(" ,")
    hour, half = int(clock["hour"]), (clock["half"] or "").strip().upper()
    if half:
        hour = hour % 12 + (12 if half == "PM" else 0)
    for form in FORMS:
        try:
            date = datetime.strptime(day, form)
            return moments.local(date.replace(hour=hour, minute=int(clock["minute"])), zone)
        except ValueError:
            continue
    return None


BRIGHTSPACE = System(
    name="brightspace",
    title="Brightspace, Download",
    claims=claims,
    read=read,
    how="In Brightspace: the assignment's submissions, Add Feedback Files.",
    takes=True,
)
