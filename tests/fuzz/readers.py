"""What the two readers make of an input, and what they should never make of it."""

import os
import re
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from autograder.errors import UnreadableNotebook
from autograder.sandbox.outcomes import Ran, Times, understood
from autograder.student.selfcheck.outcomes import Failure, Returned
from autograder.student.worker import wire
from autograder.submissions.cells import Work
from autograder.submissions.read import read_work
from tests.fuzz.corpus import RELEASED

TIMES = Times(cpu_seconds=1, wall_seconds=5)
MAX_SECONDS = 1.0  # of the processor: what else the machine does is not counted
MAX_ARRAYS = 2**20
MAX_FINDINGS = 100


@dataclass
class Tally:
    """What became of the inputs: how many had each outcome, and what should not have happened."""

    outcomes: Counter[str] = field(default_factory=Counter)
    findings: list[tuple[str, bytes]] = field(default_factory=list)
    slowest: float = 0.0
    seconds: float = 0.0


class Unequal(Exception):
    """A message reads differently once it is sent on."""


class Line:
    """What `wire.receive` needs of a socket, over bytes at hand."""

    def __init__(self, data: bytes) -> None:
        self._rest = memoryview(data)

    def settimeout(self, seconds: float) -> None:
        """No deadline here: all that comes is there."""

    def recv_into(self, buffer: memoryview) -> int:
        """Fill the buffer, as far as there is something."""
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def frame_outcome(data: bytes) -> str:
    """How the grader takes a frame: accepted as what, or refused and why."""
    try:
        message = wire.receive(cast(Any, Line(data)), max_bytes=MAX_ARRAYS)
        _check_round_trip(message)
        reply = understood(message, MAX_ARRAYS, TIMES)
    except wire.WireError as error:
        return f"refused: {_reason(error)}"
    match reply:
        case Returned():
            return "accepted: a value"
        case Ran():
            return "accepted: a cell"
        case Failure():
            return f"accepted: {reply.kind}"
    raise TypeError(type(reply))


def notebook_outcome(path: Path) -> Callable[[bytes], str]:
    """How a file is read that is written to this path: accepted, or refused and why."""

    def outcome(data: bytes) -> str:
        path.write_bytes(data)
        try:
            work = read_work(path, RELEASED)
        except UnreadableNotebook as error:
            return f"refused: {_reason(error)}"
        if not isinstance(work, Work):
            raise TypeError(type(work))
        for cell in work.cells:
            cell.source.encode()  # can be sent
        return "accepted: with notes" if work.notes else "accepted"

    return outcome


@contextmanager
def scratch() -> Iterator[Path]:
    """Where to put one notebook after the other: in memory, where the system lets us."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder) / "em.ipynb"


def fuzz(inputs: Iterable[bytes], outcome: Callable[[bytes], str]) -> Tally:
    """Try each input."""
    tally = Tally()
    began = time.thread_time()
    for data in inputs:
        started = time.thread_time()
        try:
            result = outcome(data)
        except Exception as error:  # whatever it is, it should not be
            result = f"finding: {type(error).__name__}"
            tally.findings.append((f"{type(error).__name__}: {error}"[:200], data))
        taken = time.thread_time() - started
        tally.slowest = max(tally.slowest, taken)
        if taken > MAX_SECONDS:
            result = "finding: too slow"
            tally.findings.append((f"took {taken:.1f} s", data))
        tally.outcomes[result] += 1
        if len(tally.findings) >= MAX_FINDINGS:
            break
    tally.seconds = time.thread_time() - began
    return tally


def _check_round_trip(message: dict[str, Any]) -> None:
    frame = wire.encode(message)
    if wire.encode(wire.receive(cast(Any, Line(frame)), max_bytes=len(frame))) != frame:
        raise Unequal("a message that was sent on")


def _reason(error: Exception) -> str:
    """The kind of refusal: its words before any detail."""
    if isinstance(error, wire.TooLarge):
        return "a message too large"
    words = str(error).partition(": ")
    kind = words[2].partition(" at line")[0] if "not a valid notebook" in words[0] else words[0]
    return re.sub(r" \d+", "", kind)
