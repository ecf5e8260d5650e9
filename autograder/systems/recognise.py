"""Which system a download comes from, by the names inside."""

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

# Where two claim as many names, the first is taken.
SYSTEMS = (GRADESCOPE, MOODLE, BLACKBOARD, BRIGHTSPACE, EXCHANGE, CANVAS, CLASSROOM)
ALL = {one.name: one for one in (*SYSTEMS, PLAIN)}


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """What a download is.

    Attributes:
        claimed: how many names are as the system makes them.
        strange: the entries that are not, by their paths in the download.
    """

    system: System
    view: View
    claimed: int
    strange: tuple[str, ...]


def named(name: str) -> System:
    """The system of that name.

    Raises:
        DownloadError: there is none.
    """
    if name not in ALL:
        raise DownloadError(f"no system is called {name!r}; there are: {', '.join(ALL)}")
    return ALL[name]


def recognise(download: Download, context: Context, system: System | None = None) -> Recognised:
    """What a download is: of the system that claims the most of its names, and more than half of them.

    Args:
        system: the one that it is, where somebody has said so.
    """
    candidates = [_seen(one, view, context) for view in views(download) for one in ((system,) if system else SYSTEMS)]
    best = max(candidates, key=lambda one: one.claimed, default=None)
    if best and ((system and system is not PLAIN) or best.claimed > len(best.strange)):
        return best
    return _seen(PLAIN, _plain(download, context), context)


def _seen(system: System, view: View, context: Context) -> Recognised:
    strange = tuple(entry for name, entry in view.entries.items() if not system.claims(name, context))
    return Recognised(system=system, view=view, claimed=len(view.entries) - len(strange), strange=strange)


def _plain(download: Download, context: Context) -> View:
    """A plain download without the folder that a zip has around everything, where that is no student's."""
    first, *below = views(download)
    if not below or download.path.is_dir():
        return first
    around = next(iter(first.entries)).partition("/")[0]
    inside = below[0]
    folders = {name.partition("/")[0] for name in inside.entries if "/" in name or name not in inside.files}
    notebooks = [name for name in inside.files if "/" not in name and names.is_notebooks(name)]
    of_many = len(folders) > 1 or len([one for one in notebooks if names.original(one) != context.assignment]) > 1
    is_around = around in (download.path.stem, "submitted", context.assignment)
    return inside if is_around or of_many else first
