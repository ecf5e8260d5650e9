"""The grader's handle of one student's process: send it cells and calls, and end it."""

import logging
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any, Self

from autograder.errors import SandboxError
from autograder.limits import Limits
from autograder.sandbox.forkserver import START_SECONDS
from autograder.sandbox.outcomes import Ran, Times, out_of_processor_time, out_of_time, understood
from autograder.student.selfcheck import codec
from autograder.student.selfcheck.outcomes import Failure, Returned
from autograder.student.selfcheck.probes import CALL, Probe
from autograder.student.worker import wire

logger = logging.getLogger(__name__)


class Worker:
    """One submission's process.

    Args:
        link: the connection to the process.
        folder: its folder, which `close` removes.
        limits: the limits of the submission.
        libraries: the libraries that it can import.
        end: ends the process and returns its wait status; True as argument means at once.
    """

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
            SandboxError: the process could not be isolated; it has been ended.
        """
        try:
            self._link.settimeout(START_SECONDS)
            # No student code has run yet, so the kit's own code sent this reply.
            match wire.receive(self._link, max_bytes=0):
                case {"ready": True, "missing": tuple() as missing}:
                    for name in missing:
                        _warn_of_missing(name)
                    return
                case reply:
                    problem = reply.get("refused")
        except (wire.WireError, OSError) as error:
            problem = error
        self._finish(at_once=True)
        raise SandboxError(f"a submission's process could not be isolated: {problem}")

    def run_cell(self, source: str, *, beside: str | None = None, definitions: bool = False) -> Ran | Failure:
        """Run a cell and keep the names that it defines.

        Args:
            beside: the text of a locked cell in the release: run only the statements that the student added to it.
            definitions: run only definitions and imports.

        Returns:
            `Ran`, with the failures of its statements; or a `Failure` that has ended the worker.
        """
        times = self._times(self._limits.cell_seconds)
        request = {"run": source, "beside": beside, "definitions": definitions, **asdict(times)}
        # A cell that is out of time is interrupted. If it still goes on, the process is killed.
        reply = self._request(request, times, patience=2)
        return reply if isinstance(reply, Ran | Failure) else self._broken()

    def keep(self, place: int) -> Failure | None:
        """Keep the values of all names as the state at this place of the notebook."""
        reply = self._request({"keep": place}, self._times(self._limits.cell_seconds))
        return reply if isinstance(reply, Failure) else None

    def differ(self, name: str, first: int, second: int) -> bool | Failure:
        """Whether a function, or a function that it uses, differs between two places."""
        reply = self._request({"differ": name, "places": (first, second)}, self._times(self._limits.cell_seconds))
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
        """Try a function with fresh copies of `args`.

        Args:
            cpu_seconds: the limit of processor time.
            probe: how to try the function.
            place: use the function as it was at this place, which must have been kept; by default as it is now.
        """
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
            says = f"returned more than {self._limits.reply_bytes // 2**20} MB"
            problem = Failure.same("too_large", says, fatal=True)
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
        return Failure.same("protocol", "broke the connection to the grader", fatal=True)

    def _ended(self, times: Times) -> Failure:
        """The reason why the process ended, from its wait status."""
        status = self._finish(at_once=False)
        if not os.WIFSIGNALED(status):
            return Failure.same("crashed", "ended the process", fatal=True)
        number = os.WTERMSIG(status)
        if number == signal.SIGXCPU:
            return out_of_processor_time(times, fatal=True)
        named = {known.value: known.name for known in signal.Signals}  # most real-time signals have no name
        return Failure.same("crashed", f"ended the process ({named.get(number, f'signal {number}')})", fatal=True)

    def _finish(self, *, at_once: bool) -> int:
        if self._status is None:
            self._link.close()
            self._status = self._end(at_once)
            _remove(self._folder)
        return self._status


@cache
def _warn_of_missing(name: str) -> None:
    """Log once that a hook does not fit the installed libraries, see `student.worker.hooks`."""
    logger.warning("%s does not exist in the installed version: grading takes longer", name)


def _remove(folder: Path) -> None:
    """Remove a folder that student code filled. `shutil.rmtree` would fail on folders that are nested too deep."""
    subprocess.run(["rm", "-rf", "--", folder], stdin=subprocess.DEVNULL, capture_output=True, check=False)
