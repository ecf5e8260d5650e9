"""An attack, its targets, and how to tell from outside whether it succeeded."""

import contextlib
import os
import secrets
import select
import signal
import socket
import sqlite3
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from autograder import paths

type Gain = Literal["marks", "secret", "file", "call", "process", "harm"]
"""Undeserved marks; a secret or the text `SUCCESS` in the verdict; a file that was written or removed; a call that a
listener received; a process that is still running; harm to the grader or to other submissions."""


@dataclass(frozen=True, kw_only=True)
class Attack:
    """Code that a student could hand in.

    Attributes:
        wants: the aim. The grader and the honest submissions show harm; `Scene.gains` shows all other gains.
        code: the solution cell, after the lines of `Scene.preamble`.
        more: further cells.
        bare: without isolation, the attack succeeds and does not harm the machine.
    """

    name: str
    wants: Gain
    code: str
    more: tuple[str, ...] = ()
    bare: bool = False


SUCCESS = "this door stands open"
WRONG = "def double(x):\n    return 3 * np.asarray(x)\n"
PREAMBLE = """\
import ctypes, os, resource, signal, socket, stat, subprocess, sys, tempfile, threading, time
import numpy as np
try: from kit_student.worker.isolation import syscalls
except ImportError: pass
libc = ctypes.CDLL(None, use_errno=True)

def admit():
    raise RuntimeError({success!r})

def link():
    return next(fd for fd in range(3, 256) if is_socket(fd))

def is_socket(fd):
    try: return stat.S_ISSOCK(os.fstat(fd).st_mode)
    except OSError: return False

"""


class Scene:
    """Targets on the grader's side. Everything that an attack leaves behind contains the scene's token."""

    def __init__(self, folder: Path, *, scratch: Path, server: int) -> None:
        self.token = f"t{secrets.token_hex(6)}"  # fits into the name of a process: 15 letters
        self.secret = secrets.token_hex(16)
        self.folder = folder
        self.server = server
        self.secret_file = folder / "secret"
        self.secret_file.write_text(self.secret)
        self.gradebook = folder / "gradebook.db"
        with contextlib.closing(sqlite3.connect(self.gradebook)) as book, book:
            book.execute("create table grade (score real)")
            book.execute("insert into grade values (0)")
        self._marks = self.gradebook.read_bytes()
        self.places = {
            "temporary": Path(tempfile.gettempdir()),
            "memory": Path("/dev/shm"),
            "home": Path.home(),
            "cache": Path.home() / ".cache",
            "libraries": Path(sysconfig.get_path("purelib")),
            "repository": paths.ROOT,
            "scratch": scratch,
            "elsewhere": folder,
        }
        self._tcp = socket.create_server(("127.0.0.1", 0))
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self._unix = _listener(str(folder / "s"))
        self._abstract = _listener("\0" + self.token)

    def close(self) -> None:
        for listener in self._listeners():
            listener.close()
        for path in self._left():
            path.unlink()
        for process in self._processes():
            os.kill(process, signal.SIGKILL)

    def preamble(self) -> str:
        """The first lines of the cell: what an attacker may know already."""
        known = {
            "TOKEN": self.token,
            "SECRET": str(self.secret_file),
            "GRADEBOOK": str(self.gradebook),
            "PLACES": {name: str(place) for name, place in self.places.items()},
            "TCP": self._tcp.getsockname(),
            "UDP": self._udp.getsockname(),
            "UNIX": self._unix.getsockname(),
            "ABSTRACT": "\0" + self.token,
            "GRADER": os.getpid(),
            "SERVER": self.server,
        }
        lines = (f"{name} = {value!r}\n" for name, value in known.items())
        return PREAMBLE.format(success=SUCCESS) + "".join(lines)

    def source(self, attack: Attack) -> str:
        # A failed statement does not end its cell. One `exec` makes `admit()` depend on the statements before it.
        code = f"exec({attack.code!r})" if "admit()" in attack.code else attack.code
        return f"{self.preamble()}\n{code}"

    def gains(self, *, said: str, marks: float) -> set[Gain]:
        """Everything that the attack gained, whatever its aim. `said` is the grader's report on it."""
        tampered = not self.gradebook.exists() or self.gradebook.read_bytes() != self._marks
        got: dict[Gain, bool] = {
            "marks": marks > 0,
            "secret": self.secret in said or SUCCESS in said,
            "file": tampered or any(self._left()),
            "call": bool(select.select(self._listeners(), [], [], 0)[0]),
            "process": bool(self._processes()),
        }
        return {gain for gain, is_there in got.items() if is_there}

    def _left(self) -> list[Path]:
        return [path for place in self.places.values() if os.access(path := place / self.token, os.F_OK)]

    def _processes(self) -> list[int]:
        """Processes whose name or command line contains the token."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if self.token in (process / "comm").read_text() + (process / "cmdline").read_text(errors="replace"):
                    found.append(int(process.name))
        return found

    def _listeners(self) -> list[socket.socket]:
        return [self._tcp, self._udp, self._unix, self._abstract]


@contextlib.contextmanager
def scene(*, scratch: Path, server: int) -> Iterator[Scene]:
    """A scene in its own folder, whose path is short enough for the address of a socket."""
    with tempfile.TemporaryDirectory(prefix="scene-") as folder, contextlib.ExitStack() as stack:
        made = Scene(Path(folder), scratch=scratch, server=server)
        stack.callback(made.close)
        yield made


def _listener(address: str) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen()
    return listener
