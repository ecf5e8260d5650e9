"""The trusted end of one student's process: give it cells and calls, and end it."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Self

from autograder.errors import SandboxError
from autograder.limits import Limits
from autograder.sandbox.forkserver import START_SECONDS
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


def _remove(folder: Path) -> None:
    """Remove what student code has filled: `shutil.rmtree` has a deepest folder, and holds all above it open."""
    subprocess.run(["rm", "-rf", "--", folder], stdin=subprocess.DEVNULL, capture_output=True, check=False)
