"""Where submissions run: each in a process of its own, isolated as well as this machine can."""

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
from autograder.sandbox.forkserver import Parent
from autograder.sandbox.isolation import probe
from autograder.sandbox.worker import Worker
from autograder.student.worker.isolation import LEVELS, Level, View, strongest
from autograder.submissions import companions
from autograder.submissions.companions import Companions


class Sandbox:
    """Where the submissions to an assignment run, each in a process of its own.

    Args:
        bundle: the folder of what a student has beside the notebook; each worker
            gets its own copy as its working directory.
        parent: from which they are forked, where it has been started already; it is closed with the sandbox.
        preload: the assignment's libraries, for the parent to import beside those that every notebook needs.
        limits: what one submission may use.
        isolation: how it is kept from the rest; the strongest way that this machine has, if none is named.
        unsafe: take what there is, also where that is none.

    Raises:
        IsolationError: the machine cannot isolate it so, or at all.

    `start` may be called from several threads.
    """

    def __init__(
        self,
        *,
        bundle: Path,
        parent: Parent | None = None,
        preload: tuple[str, ...] = (),
        limits: Limits = USUAL,
        isolation: Level | None = None,
        unsafe: bool = False,
    ) -> None:
        self.limits = limits
        self.isolation: Level = _level(isolation, unsafe=unsafe)
        self.parent = parent or Parent()
        self.parent.preload(preload)
        self._bundle = bundle

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self, beside: Companions = ()) -> "Worker":
        """Fork a process for one submission, with what was handed in beside the notebook.

        Raises:
            SandboxError: the parent process could not start, says what it printed; or the kernel
                refused to isolate this one.
        """
        view = View(
            level=self.isolation,
            folder=tempfile.mkdtemp(dir=self.parent.scratch),
            work_bytes=self.limits.work_bytes,
            whole=tuple(map(str, self.parent.readable.whole)),
            names=tuple(map(str, self.parent.readable.names)),
            bound=tuple(map(str, self.parent.readable.bound)),
            covered=tuple(map(str, self.parent.readable.covered)),
            links=tuple((str(name), str(target)) for name, target in self.parent.readable.links),
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
                pid = self.parent.fork(settings, compiler, theirs)
            except SandboxError:
                ours.close()
                raise
        worker = Worker(
            ours,
            Path(view.folder),
            self.limits,
            libraries=self.parent.libraries,
            end=lambda at_once: self.parent.end(pid, at_once=at_once),
        )
        worker.wait_until_ready()
        return worker

    def close(self) -> None:
        """End the parent and all that it forked."""
        self.parent.close()

    def _compiler_view(self) -> View:
        """What the process sees that compiles: the libraries, and what it has compiled before."""
        folder = compiled_programs()
        (folder / "work").mkdir(parents=True, exist_ok=True)
        return View(
            level="none" if self.isolation == "none" else "landlock",  # a folder in memory would be gone afterwards
            folder=str(folder),
            work_bytes=0,
            whole=tuple(map(str, self.parent.readable.whole)),
            names=tuple(map(str, self.parent.readable.names)),
            bound=(),
            covered=(),
            links=(),
        )


def _level(wanted: Level | None, *, unsafe: bool) -> Level:
    """The level asked for, or the strongest there is."""
    available = strongest(probe())
    level = wanted or available
    if LEVELS.index(level) < LEVELS.index(available):
        raise IsolationError(f"isolation by {level} does not work on this machine: `autograder doctor` says why")
    if level == "none" and not unsafe:
        raise IsolationError(
            "student code would not be isolated: it could read the solutions, change marks and use the network. "
            "`autograder doctor` says what this machine lacks and how to get it; --unsafe runs it all the same"
        )
    return level


def compiled_programs() -> Path:
    """The folder of what this version of XLA has compiled for this machine's processor."""
    processor = Path("/proc/cpuinfo")
    flags = [line for line in processor.read_text().splitlines() if line.startswith(("flags", "Features"))][:1]
    digest = hashlib.sha256(" ".join([version("jax"), version("jaxlib"), platform.machine(), *flags]).encode())
    return cache.folder() / "compiled" / digest.hexdigest()[:32]
