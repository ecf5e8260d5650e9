"""The trusted end of the student's process: start it, give it cells and calls, end it."""

import os
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from autograder.exercises import cache
from autograder.limits import USUAL, Limits
from autograder.sandbox.forkserver import START_SECONDS, Parent, SandboxError
from autograder.sandbox.isolation import probe
from autograder.sandbox.outcomes import (
    Failure,
    Ran,
    Returned,
    Times,
    out_of_processor_time,
    out_of_time,
    told,
    understood,
)
from autograder.student.selfcheck import codec
from autograder.student.selfcheck.probes import CALL, Probe
from autograder.student.worker import wire
from autograder.student.worker.isolation import LEVELS, Level, View, strongest
from autograder.submissions import companions
from autograder.submissions.companions import Companions


class IsolationError(SandboxError):
    """Student code would run with less isolation than asked for."""


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
        folder = cache.compiled()
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


class Worker:
    """One submission's process."""

    def __init__(
        self,
        link: socket.socket,
        folder: Path,
        limits: Limits,
        *,
        libraries: tuple[str, ...],
        end: Callable[[bool], int],
    ) -> None:
        self._link = link
        self._folder = folder
        self._limits = limits
        self._libraries = libraries
        self._end = end
        self._status: int | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def wait_until_ready(self) -> None:
        """Wait until the process is isolated.

        Raises:
            SandboxError: it could not be; it has ended.
        """
        try:
            self._link.settimeout(START_SECONDS)
            # No student code has run yet: this reply is our own.
            match wire.receive(self._link, max_bytes=0):
                case {"ready": True}:
                    return
                case said:
                    problem = said.get("refused")
        except (wire.WireError, OSError) as error:
            problem = error
        self._finish(at_once=True)
        raise SandboxError(f"a submission's process could not be isolated: {problem}")

    def run_cell(self, source: str, *, beside: str | None = None, definitions: bool = False) -> Ran | Failure:
        """Run a cell; the names it defines stay. A failure ends the worker; statements that fail are in `Ran`.

        Args:
            beside: the released text of a locked cell: run only what the source has beside it.
            definitions: run only what defines or imports.
        """
        times = self._times(self._limits.cell_seconds)
        request = {"run": source, "beside": beside, "definitions": definitions, **asdict(times)}
        # A cell that is out of time is interrupted; what does not end then is ended.
        reply = self._request(request, times, patience=2)
        return reply if isinstance(reply, Ran | Failure) else self._broken()

    def keep(self, place: int) -> Failure | None:
        """Keep the names as they are now, as the state at that place of the notebook."""
        reply = self._request({"keep": place}, self._times(self._limits.cell_seconds))
        return reply if isinstance(reply, Failure) else None

    def differ(self, name: str, one: int, other: int) -> bool | Failure:
        """Whether a function is another one at the second place, or uses other ones."""
        reply = self._request({"differ": name, "places": (one, other)}, self._times(self._limits.cell_seconds))
        return reply if isinstance(reply, Failure) else isinstance(reply, Returned) and reply.value == "differ"

    def call(
        self,
        function: str,
        args: tuple[Any, ...],
        *,
        cpu_seconds: int,
        probe: Probe = CALL,
        place: int | None = None,
    ) -> Returned | Failure:
        """Try a function with fresh copies of `args`: as it was at a place that was kept, else as it is now."""
        times = self._times(cpu_seconds)
        encoded = codec.encode_probe(probe)
        request = {"call": function, "args": args, "place": place, "probe": encoded, "cpu_seconds": cpu_seconds}
        reply = self._request(request, times)
        return reply if isinstance(reply, Returned | Failure) else self._broken()

    def close(self) -> None:
        """End the process and remove its folder."""
        self._finish(at_once=True)

    def _times(self, cpu_seconds: int) -> Times:
        return Times(cpu_seconds=cpu_seconds, wall_seconds=cpu_seconds * self._limits.wall_factor)

    def _request(self, request: dict[str, Any], times: Times, *, patience: float = 1) -> Returned | Ran | Failure:
        if self._status is not None:
            raise RuntimeError("this worker has ended")
        frame = wire.encode(request)
        deadline = time.monotonic() + patience * times.wall_seconds
        try:
            self._link.settimeout(patience * times.wall_seconds)
            self._link.sendall(frame)
            reply = wire.receive(self._link, max_bytes=self._limits.reply_bytes, deadline=deadline)
            return understood(reply, self._limits.output_bytes, times, self._libraries)
        except wire.TooLarge:
            problem = told("too_large", f"returned more than {self._limits.reply_bytes // 2**20} MB", fatal=True)
        except (wire.Closed, ConnectionError):
            return self._ended(times)
        except TimeoutError:
            problem = out_of_time(times, fatal=True)
        except wire.WireError:
            return self._broken()
        self._finish(at_once=True)
        return problem

    def _broken(self) -> Failure:
        self._finish(at_once=True)
        return told("protocol", "broke the connection to the grader", fatal=True)

    def _ended(self, times: Times) -> Failure:
        """Why the process is gone, from its wait status."""
        status = self._finish(at_once=False)
        if not os.WIFSIGNALED(status):
            return told("crashed", "ended the process", fatal=True)
        number = os.WTERMSIG(status)
        if number == signal.SIGXCPU:
            return out_of_processor_time(times, fatal=True)
        named = {one.value: one.name for one in signal.Signals}  # most of the real-time ones have no name
        return told("crashed", f"ended the process ({named.get(number, f'signal {number}')})", fatal=True)

    def _finish(self, *, at_once: bool) -> int:
        if self._status is None:
            self._link.close()
            self._status = self._end(at_once)
            _remove(self._folder)
        return self._status


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


def _remove(folder: Path) -> None:
    """Remove what student code has filled: `shutil.rmtree` has a deepest folder, and holds all above it open."""
    subprocess.run(["rm", "-rf", "--", folder], stdin=subprocess.DEVNULL, capture_output=True, check=False)
