"""The kernel's isolation of a student's process: which layers there are, and in which order they are put on."""

import contextlib
import json
import os
import socket
import struct
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from . import landlock, namespaces, seccomp, syscalls

type Level = Literal["namespaces", "landlock", "none"]
# The strongest first: all layers; Landlock and seccomp; resource limits alone.
LEVELS: tuple[Level, ...] = ("namespaces", "landlock", "none")

PR_CAPBSET_DROP = 24
CAPABILITY_VERSION = 0x20080522
WORKS = "works"
TRIAL_BYTES = 2**20
MACHINE = ("/proc/cpuinfo", "/proc/meminfo")


@dataclass(frozen=True, kw_only=True)
class View:
    """What a student's process sees, in a form that can be sent.

    Attributes:
        level: how it is kept from the rest.
        folder: holds `work`, its own folder, and `root`, an empty one.
        work_bytes: what its own folder may hold, where that is in memory.
        whole: for Landlock: files, and folders with all that is in them, that may be read.
        names: for Landlock: folders of which only the names may be seen.
        bound: for namespaces: files and folders that are there.
        covered: for namespaces: folders among them that are empty, but for what is bound in them.
        links: for namespaces: other names, and what they stand for.
    """

    level: Level
    folder: str
    work_bytes: int
    whole: tuple[str, ...]
    names: tuple[str, ...]
    bound: tuple[str, ...]
    covered: tuple[str, ...]
    links: tuple[tuple[str, str], ...]

    @property
    def work(self) -> Path:
        return Path(self.folder, "work")

    @property
    def root(self) -> Path:
        return Path(self.folder, "root")


def enter(view: View, *, links: tuple[int, ...]) -> None:
    """Bind this process for good, before it has a second thread. It may be another process that comes back.

    Args:
        links: the file descriptors of its connections to other processes.

    Raises:
        OSError: the kernel refused a layer that the level has.
    """
    os.chdir(view.work)
    if view.level == "none":
        return
    if view.level == "namespaces":
        namespaces.enter(links=links)
        namespaces.change_root(
            view.root,
            bound=view.bound,
            covered=view.covered,
            links=view.links,
            work=view.work,
            work_bytes=view.work_bytes,
        )
    drop_capabilities()
    own = f"/proc/{os.getpid()}"
    os.open(own, os.O_PATH)  # stays open: the kernel may forget the folder, and with it the rule
    temporary = (namespaces.TEMPORARY,) if view.level == "namespaces" else ()  # else it is everybody's
    writable = (view.work, os.devnull, *temporary)
    landlock.restrict(readable=(*view.whole, own, *MACHINE), listable=view.names, writable=writable)
    seccomp.restrict(os.getpid())


def drop_capabilities() -> None:
    """Give up, for good, all that sets root apart."""
    with contextlib.suppress(OSError):  # ends at the last one; without the right to drop there are none to be had
        for capability in range(64):
            syscalls.call("prctl", PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = struct.pack("Ii", CAPABILITY_VERSION, 0)
    syscalls.call("capset", header, bytes(24))


def probe() -> dict[str, str | None]:
    """What keeps each layer from working here, None where nothing does. Each is really tried, in a process."""
    return {name: _trial(layer) for name, layer in LAYERS.items()}


def main() -> None:
    """Print as JSON what `probe` finds."""
    print(json.dumps(probe()))


def strongest(problems: dict[str, str | None]) -> Level:
    """The strongest level of which every layer works."""
    if problems["landlock"] or problems["seccomp"]:
        return "none"
    return "landlock" if problems["namespaces"] else "namespaces"


def _try_namespaces(folder: Path, link: int) -> bool:
    (folder / "root").mkdir()
    (folder / "work").mkdir()
    namespaces.enter(links=(link,))
    namespaces.change_root(
        folder / "root", bound=(), covered=(), links=(), work=folder / "work", work_bytes=TRIAL_BYTES
    )
    return Path("/proc/1").exists() and not Path("/etc").exists()


def _try_landlock(folder: Path, link: int) -> bool:
    landlock.restrict(readable=(), listable=(), writable=(folder,))
    (folder / "own").touch()
    try:
        next(Path("/").iterdir())
    except PermissionError:
        return True
    return False


def _try_seccomp(folder: Path, link: int) -> bool:
    seccomp.restrict(os.getpid())
    try:
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()
    except PermissionError:
        return True
    return False


LAYERS: dict[str, Callable[[Path, int], bool]] = {
    "landlock": _try_landlock,
    "seccomp": _try_seccomp,
    "namespaces": _try_namespaces,
}


def _trial(layer: Callable[[Path, int], bool]) -> str | None:
    """Why a layer does not work, from a process that has tried it."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(theirs, _outcome(layer, Path(folder), theirs).encode())
            os._exit(0)
        os.close(theirs)
        with os.fdopen(ours) as told:
            said = told.read()
        os.waitpid(child, 0)
    return None if said == WORKS else said or "its trial ended without a word"


def _outcome(layer: Callable[[Path, int], bool], folder: Path, link: int) -> str:
    try:
        return WORKS if layer(folder, link) else "it is accepted, and has no effect"
    except Exception as error:
        return str(error)
