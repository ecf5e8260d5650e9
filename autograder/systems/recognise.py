"""Recognise the system that made a download, by the names inside."""

from dataclasses import dataclass

from autograder.errors import DownloadError
from autograder.submissions import names
from autograder.systems.blackboard import BLACKBOARD
from autograder.systems.brightspace import BRIGHTSPACE
from autograder.systems.canvas import CANVAS
from autograder.systems.classroom import CLASSROOM
from autograder.systems.download import Download, View, views
from autograder.systems.exchange import EXCHANGE
from autograder.systems.folder import PLAIN
from autograder.systems.gradescope import GRADESCOPE
from autograder.systems.handin import Context, System
from autograder.systems.moodle import MOODLE

# If two systems claim equally many names, the first wins.
SYSTEMS = (GRADESCOPE, MOODLE, BLACKBOARD, BRIGHTSPACE, EXCHANGE, CANVAS, CLASSROOM)
ALL = {system.name: system for system in (*SYSTEMS, PLAIN)}


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """A download whose system is known.

    Attributes:
        claimed: the number of paths that have a form of the system.
        strange: the entries whose paths do not, by their paths in the download.
    """

    system: System
    view: View
    claimed: int
    strange: tuple[str, ...]


def named(name: str) -> System:
    """Return the system of that name.

    Raises:
        DownloadError: there is no such system.
    """
    if name not in ALL:
        raise DownloadError(f"there is no system {name!r}; choose from {', '.join(ALL)}")
    return ALL[name]


def recognise(download: Download, context: Context, system: System | None = None) -> Recognised:
    """Recognise a download: the system that claims the most of its names, and more than half of them.

    Args:
        system: the system, if the user named it.
    """
    candidates = [
        _seen(tried, view, context) for view in views(download) for tried in ((system,) if system else SYSTEMS)
    ]
    best = max(candidates, key=lambda candidate: candidate.claimed, default=None)
    if best and ((system and system is not PLAIN) or best.claimed > len(best.strange)):
        return best
    return _seen(PLAIN, _plain(download, context), context)


def _seen(system: System, view: View, context: Context) -> Recognised:
    strange = tuple(entry for name, entry in view.entries.items() if not system.claims(name, context))
    return Recognised(system=system, view=view, claimed=len(view.entries) - len(strange), strange=strange)


def _plain(download: Download, context: Context) -> View:
    """View a plain download; skip the folder that a zip program put around it, unless it is a student's."""
    first, *below = views(download)
    if not below or download.path.is_dir():
        return first
    around = next(iter(first.entries)).partition("/")[0]
    inside = below[0]
    folders = {name.partition("/")[0] for name in inside.entries if "/" in name or name not in inside.files}
    notebooks = [name for name in inside.files if "/" not in name and names.is_notebooks(name)]
    of_many = (
        len(folders) > 1
        or len([notebook for notebook in notebooks if names.original(notebook) != context.assignment]) > 1
    )
    is_around = around in (download.path.stem, "submitted", context.assignment)
    return inside if is_around or of_many else first
