"""Namespaces: the process gets its own file system, process table and network, see namespaces(7)."""

import ctypes
import os
import shutil
import signal
import socket
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

from . import syscalls

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 1 << 12, 1 << 14, 1 << 18
MNT_DETACH = 2
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
ATTR_RDONLY, ATTR_NOSUID = 1, 2
TEMPORARY = Path("/tmp")  # in the namespace: a folder in memory, which no other process sees
INSIDE = 1000  # user id in the namespace: not root's
NAME = "student"
FILES = 10_000
FIRST = "cat"  # small, and on every system; a second copy of this process would be slower than everything else here


def enter(*, links: tuple[int, ...]) -> None:
    """Continue in a forked child inside new namespaces. This process waits for the child and ends with its status.

    The child is not the first process there: a signal without a handler has no effect on the first process of a process
    namespace, not even the signal at its limit of processor time. The first process is `FIRST`. It waits for the end of
    its input; when it ends, the kernel kills all processes in the namespace.

    Args:
        links: the file descriptors that only the child keeps.

    Raises:
        OSError: the kernel refused.
    """
    user, group = os.geteuid(), os.getegid()
    os.unshare(
        os.CLONE_NEWUSER | os.CLONE_NEWNS | os.CLONE_NEWPID | os.CLONE_NEWNET | os.CLONE_NEWIPC | os.CLONE_NEWUTS
    )
    for name, text in {
        "setgroups": "deny",
        "uid_map": f"{INSIDE} {user} 1",
        "gid_map": f"{INSIDE} {group} 1",
    }.items():
        Path(f"/proc/self/{name}").write_text(text)
    socket.sethostname(NAME)
    ending, held = os.pipe()  # the reading end sees the end of the input when this process has ended, for any reason
    actions = [(os.POSIX_SPAWN_DUP2, ending, 0), *((os.POSIX_SPAWN_CLOSE, link) for link in links)]
    os.posix_spawnp(FIRST, [FIRST], {}, file_actions=actions)
    os.close(ending)
    child = os.fork()
    if child == 0:
        os.close(held)
        return
    for link in links:
        os.close(link)
    _end_as(os.waitpid(child, 0)[1])


def change_root(
    root: Path,
    *,
    bound: Iterable[str],
    covered: Iterable[str],
    links: Iterable[tuple[str, str]],
    work: Path,
    work_bytes: int,
) -> None:
    """Switch to a root that contains only `bound` and `/proc` (read-only), and a copy of `work` and `/tmp` in memory.

    All of them keep their paths. The current directory is `work` afterwards.

    Args:
        root: an empty folder, where the new root is built.
        bound: files and folders that the new root contains.
        covered: folders inside them that look empty, except for what is bound in them.
        links: symbolic links, each with its target.
        work: the working folder.
        work_bytes: the most bytes that the working folder may hold, and `/tmp` as well.

    Raises:
        OSError: the kernel refused.
    """
    _mount("none", Path("/"), flags=MS_REC | MS_PRIVATE)
    _mount("tmpfs", root, kind="tmpfs", flags=MS_NOSUID | MS_NODEV, options="mode=755")
    in_memory = f"size={work_bytes},nr_inodes={FILES}"
    temporary = root / TEMPORARY.relative_to("/")
    temporary.mkdir()
    _mount("tmpfs", temporary, kind="tmpfs", flags=MS_NOSUID | MS_NODEV, options=f"mode=755,{in_memory}")
    hidden = frozenset(covered)
    for path in sorted({*bound, *hidden}):  # a folder comes before its content
        place = _place(root, Path(path))
        if path in hidden:
            _mount("tmpfs", place, kind="tmpfs", flags=MS_NOSUID | MS_NODEV, options="mode=755")
        else:
            _mount(path, place, flags=MS_BIND | MS_REC)
    for name, target in links:
        place = root / Path(name).relative_to("/")
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(target)
    own, processes = root / work.relative_to("/"), root / "proc"
    own.mkdir(parents=True, exist_ok=True)
    processes.mkdir()
    _set_attributes(root, AT_RECURSIVE, on=ATTR_RDONLY | ATTR_NOSUID)
    _set_attributes(temporary, 0, off=ATTR_RDONLY)
    _mount("proc", processes, kind="proc", flags=MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)
    _mount("tmpfs", own, kind="tmpfs", flags=MS_NOSUID | MS_NODEV, options=f"mode=700,{in_memory}")
    shutil.copytree(work, own, dirs_exist_ok=True)
    os.chdir(root)
    syscalls.call("pivot_root", b".\0", b".\0")  # the old root now lies over the new one
    syscalls.call("umount2", b".\0", MNT_DETACH)
    os.chdir(work)


def _place(root: Path, path: Path) -> Path:
    """Create an empty folder or file with this path in the new root, to mount on."""
    place = root / path.relative_to("/")
    if path.is_dir():
        place.mkdir(parents=True, exist_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    return place


def _mount(source: str, target: Path, *, kind: str = "none", flags: int, options: str = "") -> None:
    texts = (ctypes.create_string_buffer(os.fsencode(text)) for text in (source, target, kind, options))
    source_, target_, kind_, options_ = texts
    syscalls.call("mount", source_, target_, kind_, flags, options_)


def _set_attributes(path: Path, flags: int, *, on: int = 0, off: int = 0) -> None:
    attributes = struct.pack("QQQQ", on, off, 0, 0)
    syscalls.call("mount_setattr", AT_FDCWD, bytes(path) + b"\0", flags, attributes, len(attributes))


def _end_as(status: int) -> NoReturn:
    """End this process with the wait status of another process."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.waitstatus_to_exitcode(status))
