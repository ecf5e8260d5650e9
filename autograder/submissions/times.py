"""When work was handed in, from `timestamp.txt`, which nbgrader, people and scripts write."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import Path

from dateutil import parser, tz

from autograder.errors import UnreadableNotebook
from autograder.files import decoded
from autograder.submissions import files, names

NAME = "timestamp.txt"
MAX_LENGTH = 100
UNKNOWN = "so it is unknown whether the work was late: write a time such as 2027-01-20 18:30:00 +0100, and grade again"

# Abbreviations with one meaning. CST, IST, BST and AST have several and are left out.
OFFSETS = {
    -10: "HST",
    -9: "AKST",
    -8: "AKDT PST",
    -7: "PDT MST",
    -6: "MDT",
    -5: "CDT EST",
    -4: "EDT",
    0: "UTC GMT Z WET",
    1: "WEST CET MEZ",
    2: "CEST MESZ EET SAST",
    3: "EEST MSK",
    5: "PKT",
    7: "WIB",
    8: "AWST HKT SGT",
    9: "JST KST",
    9.5: "ACST",
    10: "AEST",
    10.5: "ACDT",
    11: "AEDT",
    12: "NZST",
    13: "NZDT",
}
HOURS = {name: hours for hours, those in OFFSETS.items() for name in those.split()}
PLACE = re.compile(r"\s(?P<zone>[A-Za-z_]+/[A-Za-z_/+-]+[0-9]*|[A-Z]{3,4}\d{1,2}[A-Z]{3,4})$")
# The fields in which they differ were not given.
DEFAULTS = (datetime(2000, 1, 1, 0), datetime(2001, 2, 2, 1))


def noted(folder: Path, *, zone: str = "UTC") -> tuple[datetime | None, str]:
    """When the content of a folder was handed in (UTC, without time zone), and why this is not known.

    Both are empty if there is no `timestamp.txt`.

    Args:
        zone: the course's time zone. Abbreviations are read as this zone's, if it has them.
    """
    path = folder / NAME
    if not files.is_there(path):
        return None, ""
    try:
        text = decoded(files.content(path)).strip()
    except UnreadableNotebook as reason:
        return None, f"{reason}, {UNKNOWN}"
    except UnicodeDecodeError:
        return None, f"{NAME} is not text, {UNKNOWN}"
    if not text:
        return None, f"{NAME} is empty, {UNKNOWN}"
    try:
        return parse(text, zone=zone), ""
    except ValueError as error:
        return None, f"{NAME} says “{names.legible(text)}”: {error}, {UNKNOWN}"


def parse(text: str, *, zone: str = "UTC") -> datetime:
    """A moment as people and programs write it, in UTC and without time zone, as nbgrader stores it.

    A text without a time zone is read as UTC, as nbgrader does.

    Raises:
        ValueError: the text is not a moment, or has several meanings; the message says why.
    """
    text = re.sub(r"\s*\([^()]*\)$", "", text.strip())
    text = re.sub(r"\b(?:UTC|GMT)\s*(?=[+-]\d)", "", text)  # dateutil reads UTC+1 as UTC-1
    if len(text) > MAX_LENGTH:
        raise ValueError("that is not a time")
    if found := PLACE.search(text):
        place = tz.gettz(found["zone"])
        if place is None:
            raise ValueError(f"the zone {found['zone']} is unknown")
        text = text[: found.start()]
    else:
        place = None
    moments = {_read(text, default, zone, dayfirst=dayfirst) for default in DEFAULTS for dayfirst in _orders(text)}
    if len(moments) > 1:
        raise ValueError("that is not a date and time, or may mean several")
    (moment,) = moments
    try:
        aware = moment.replace(tzinfo=place) if place else moment
        return aware.astimezone(UTC).replace(tzinfo=None) if aware.tzinfo else aware
    except OverflowError as error:
        raise ValueError("that time is out of range") from error


def _orders(text: str) -> tuple[bool, ...]:
    """The orders of day and month to try. In 2027-01-02 the month comes first, whatever dateutil assumes."""
    return (False,) if re.match(r"\d{4}", text) else (False, True)


def _read(text: str, default: datetime, zone: str, *, dayfirst: bool) -> datetime:
    unknown: list[str] = []

    def known(name: str | None, offset: int | None) -> tzinfo | None:
        if offset is not None:
            return timezone(timedelta(seconds=offset))
        if name is None:
            return None
        found = _zone(name, zone)
        if found is None:
            unknown.append(name)
        return found

    try:
        moment = parser.parse(text, default=default, dayfirst=dayfirst, tzinfos=known)
    except (ValueError, OverflowError, TypeError, AttributeError, LookupError, ArithmeticError) as error:
        raise ValueError("that is not a time") from error
    if unknown:
        raise ValueError(f"the zone {unknown[0]} is unknown, or means several")
    return moment


def _zone(name: str, own: str) -> tzinfo | None:
    """The time zone of an abbreviation: the course's own, else the only one in the world."""
    place = tz.gettz(own)
    for month in (1, 7):
        moment = datetime(2027, month, 1, tzinfo=place)
        offset = moment.utcoffset()
        if moment.tzname() == name and offset is not None:
            return timezone(offset)
    hours = HOURS.get(name.upper())
    return None if hours is None else timezone(timedelta(hours=hours))
