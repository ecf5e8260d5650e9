"""The sandbox: each submission runs in its own process, with the strongest isolation of this machine."""

import hashlib
import platform
import resource
import shutil
import socket
import tempfile
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Self

from autograder.errors import IsolationError, SandboxError
from autograder.exercises import cache
from autograder.limits import USUAL, Limits
from autograder.sandbox.forkserver import ForkServer
from autograder.sandbox.isolation import probe
from autograder.sandbox.worker import Worker
from autograder.student.worker.isolation import LEVELS, Level, View, strongest
from autograder.submissions import companions
from autograder.submissions.companions import Companions


class Sandbox:
    """Runs the submissions of an assignment, each in its own process.

    You can call `start` from several threads.

    Args:
        bundle: the folder with the files that a student has beside the notebook; each worker gets its own copy as its
            working folder.
        server: a fork server that has been started already; the sandbox closes it.
        preload: the assignment's libraries, which the fork server imports beside the common ones.
        limits: the limits for one submission.
        isolation: the level of isolation; by default the strongest that works on this machine.
        unsafe: accept that this machine cannot isolate submissions at all.

    Raises:
        IsolationError: this machine cannot isolate submissions at that level, or at all.
    """

    def __init__(
        self,
        *,
        bundle: Path,
        server: ForkServer | None = None,
        preload: tuple[str, ...] = (),
        limits: Limits = USUAL,
        isolation: Level | None = None,
        unsafe: bool = False,
    ) -> None:
        self.limits = limits
        self.isolation: Level = _level(isolation, unsafe=unsafe)
        self.server = server or ForkServer()
        self.server.preload(preload)
        self._bundle = bundle

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self, beside: Companions = ()) -> "Worker":
        """Fork a process for one submission.

        Args:
            beside: the files that the student handed in beside the notebook.

        Raises:
            SandboxError: the fork server could not start (the message has its output), or the kernel refused to
                isolate the process.
        """
        view = View(
            level=self.isolation,
            folder=tempfile.mkdtemp(dir=self.server.scratch),
            work_bytes=self.limits.work_bytes,
            whole=tuple(map(str, self.server.readable.whole)),
            names=tuple(map(str, self.server.readable.names)),
            bound=tuple(map(str, self.server.readable.bound)),
            covered=tuple(map(str, self.server.readable.covered)),
            links=tuple((str(name), str(target)) for name, target in self.server.readable.links),
        )
        shutil.copytree(self._bundle, view.work, ignore=shutil.ignore_patterns("*.ipynb"))
        companions.write(beside, view.work)
        view.root.mkdir()
        settings = {
            "view": asdict(view),
            "total_cpu_seconds": self.limits.total_cpu_seconds,
            "memory_bytes": self.limits.memory_bytes,
            "file_bytes": self.limits.file_bytes,
            "reply_bytes": self.limits.reply_bytes,
            "output_bytes": self.limits.output_bytes,
        }
        compiler = settings | {"view": asdict(self._compiler_view()), "total_cpu_seconds": resource.RLIM_INFINITY}
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                pid = self.server.fork(settings, compiler, theirs)
            except SandboxError:
                ours.close()
                raise
        worker = Worker(
            ours,
            Path(view.folder),
            self.limits,
            libraries=self.server.libraries,
            end=lambda at_once: self.server.end(pid, at_once=at_once),
        )
        worker.wait_until_ready()
        return worker

    def close(self) -> None:
        """End the fork server and all processes that it forked."""
        self.server.close()

    def _compiler_view(self) -> View:
        """The files that the compile server sees: the libraries, and the programs that it has compiled before."""
        folder = compiled_programs()
        (folder / "work").mkdir(parents=True, exist_ok=True)
        return View(
            # Not "namespaces": in memory, the compiled programs would be lost.
            level="none" if self.isolation == "none" else "landlock",
            folder=str(folder),
            work_bytes=0,
            whole=tuple(map(str, self.server.readable.whole)),
            names=tuple(map(str, self.server.readable.names)),
            bound=(),
            covered=(),
            links=(),
        )


def _level(wanted: Level | None, *, unsafe: bool) -> Level:
    """The wanted level, or the strongest that works on this machine."""
    available = strongest(probe())
    level = wanted or available
    if LEVELS.index(level) < LEVELS.index(available):
        raise IsolationError(f"isolation by {level} does not work on this machine: `autograder doctor` says why")
    if level == "none" and not unsafe:
        raise IsolationError(
            "student code would not be isolated: it could read the solutions, change marks and use the network. "
            "`autograder doctor` says what this machine lacks and how to get it; --unsafe runs it without isolation"
        )
    return level


def compiled_programs() -> Path:
    """The folder of programs that this version of XLA has compiled for this machine's processor."""
    processor = Path("/proc/cpuinfo")
    flags = [line for line in processor.read_text().splitlines() if line.startswith(("flags", "Features"))][:1]
    digest = hashlib.sha256(" ".join([version("jax"), version("jaxlib"), platform.machine(), *flags]).encode())
    return cache.folder() / "compiled" / digest.hexdigest()[:32]
