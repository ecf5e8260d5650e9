"""Times as systems write them, in UTC and without zone, as nbgrader keeps them."""

from datetime import UTC, datetime

from dateutil import tz

from autograder.errors import DownloadError
from autograder.submissions import times


def check(zone: str) -> None:
    """See that there is a time zone of that name.

    Raises:
        DownloadError: there is none.
    """
    if tz.gettz(zone) is None:
        raise DownloadError(f"there is no time zone {zone!r}: name one such as Europe/Berlin")


def local(moment: datetime, zone: str) -> datetime:
    """A time that names no zone, in UTC."""
    return moment.replace(tzinfo=tz.gettz(zone)).astimezone(UTC).replace(tzinfo=None)


def said(text: str, zone: str) -> datetime | None:
    """A time in words that name no zone; None where it cannot be understood, or is none."""
    try:
        return local(times.parse(text), zone) if text.strip(" -") else None
    except ValueError:
        return None


def order(moment: datetime | None) -> str:
    """Text that is greater for a later time; empty for none."""
    return moment.isoformat() if moment else ""
