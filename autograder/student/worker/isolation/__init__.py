"""The kernel's isolation of a student's process: its layers, and the order in which they are applied."""

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
# From strongest to weakest: all layers; Landlock and seccomp; resource limits alone.
LEVELS: tuple[Level, ...] = ("namespaces", "landlock", "none")

PR_CAPBSET_DROP = 24
CAPABILITY_VERSION = 0x20080522
WORKS = "works"
TRIAL_BYTES = 2**20
MACHINE = ("/proc/cpuinfo", "/proc/meminfo")


@dataclass(frozen=True, kw_only=True)
class View:
    """The files that a student's process can see, in a form that can be sent in a message.

    Attributes:
        level: the level of isolation.
        folder: contains `work`, the working folder of the process, and `root`, an empty folder.
        work_bytes: the most bytes that the working folder may hold, if it is in memory.
        whole: for Landlock: readable files, and folders that are readable with everything in them.
        names: for Landlock: folders that may be listed, recursively, but not read.
        bound: for namespaces: files and folders that are mounted in the new root.
        covered: for namespaces: folders inside them that look empty, except for what is bound in them.
        links: for namespaces: symbolic links, each with its target.
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
    """Apply the layers of the view's level to this process. They cannot be undone.

    Call it before the process has a second thread. With namespaces, the function returns in a forked child.

    Args:
        links: the file descriptors of the connections to other processes.

    Raises:
        OSError: the kernel refused a layer of the level.
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
    os.open(own, os.O_PATH)  # stays open: else the kernel may drop the folder's inode, and Landlock's rule with it
    temporary = (namespaces.TEMPORARY,) if view.level == "namespaces" else ()  # without namespaces, all users share it
    writable = (view.work, os.devnull, *temporary)
    landlock.restrict(readable=(*view.whole, own, *MACHINE), listable=view.names, writable=writable)
    seccomp.restrict(os.getpid())


def drop_capabilities() -> None:
    """Give up all capabilities, root's special rights. They cannot be regained."""
    with contextlib.suppress(OSError):  # raised after the last capability, and at once if this process may drop none
        for capability in range(64):
            syscalls.call("prctl", PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = struct.pack("Ii", CAPABILITY_VERSION, 0)
    syscalls.call("capset", header, bytes(24))


def probe() -> dict[str, str | None]:
    """For each layer, why it does not work here; None if it works. Each layer is tried in its own process."""
    return {name: _trial(layer) for name, layer in LAYERS.items()}


def main() -> None:
    """Print the result of `probe` as JSON."""
    print(json.dumps(probe()))


def strongest(problems: dict[str, str | None]) -> Level:
    """The strongest level whose layers all work."""
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
    """Apply a layer in a child process. Return why it does not work, or None if it works."""
    with tempfile.TemporaryDirectory() as folder:
        ours, theirs = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(theirs, _outcome(layer, Path(folder), theirs).encode())
            os._exit(0)
        os.close(theirs)
        with os.fdopen(ours) as pipe:
            report = pipe.read()
        os.waitpid(child, 0)
    return None if report == WORKS else report or "the process that tried it ended without a report"


def _outcome(layer: Callable[[Path, int], bool], folder: Path, link: int) -> str:
    try:
        return WORKS if layer(folder, link) else "the kernel accepts it, but it has no effect"
    except Exception as error:
        return str(error)
