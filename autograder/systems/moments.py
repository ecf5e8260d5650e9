"""Convert the systems' times to UTC without zone, as nbgrader stores them."""

from datetime import UTC, datetime

from dateutil import tz

from autograder.errors import DownloadError
from autograder.submissions import times


def check(zone: str) -> None:
    """Check that the time zone exists.

    Raises:
        DownloadError: it does not exist.
    """
    if tz.gettz(zone) is None:
        raise DownloadError(f"there is no time zone {zone!r}: name one such as Europe/Berlin")


def local(moment: datetime, zone: str) -> datetime:
    """Convert a time in `zone` to UTC."""
    return moment.replace(tzinfo=tz.gettz(zone)).astimezone(UTC).replace(tzinfo=None)


def said(text: str, zone: str) -> datetime | None:
    """Parse a time that names no zone; None if the text is not a time."""
    try:
        return local(times.parse(text), zone) if text.strip(" -") else None
    except ValueError:
        return None


def order(moment: datetime | None) -> str:
    """Return text that is greater for a later time; empty for None."""
    return moment.isoformat() if moment else ""
