"""The outcomes of the two readers on an input, and the outcomes that must not occur."""

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
MAX_SECONDS = 1.0  # processor time, which does not depend on other programs
MAX_ARRAYS = 2**20
MAX_FINDINGS = 100


@dataclass
class Tally:
    """The number of inputs with each outcome, and the findings."""

    outcomes: Counter[str] = field(default_factory=Counter)
    findings: list[tuple[str, bytes]] = field(default_factory=list)
    slowest: float = 0.0
    seconds: float = 0.0


class Unequal(Exception):
    """A message that reads differently after it is encoded again."""


class Line:
    """The part of a socket that `wire.receive` needs, with the bytes at hand."""

    def __init__(self, data: bytes) -> None:
        self._rest = memoryview(data)

    def settimeout(self, seconds: float) -> None:
        """Ignore the deadline: all bytes are there."""

    def recv_into(self, buffer: memoryview) -> int:
        """Fill the buffer with the next bytes, as far as there are any."""
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def frame_outcome(data: bytes) -> str:
    """Read a frame as the grader does: the kind of the accepted message, or the reason of the refusal."""
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
    """Write a file to this path and read it as the grader does: accepted, or the reason of the refusal."""

    def outcome(data: bytes) -> str:
        path.write_bytes(data)
        try:
            work = read_work(path, RELEASED)
        except UnreadableNotebook as error:
            return f"refused: {_reason(error)}"
        if not isinstance(work, Work):
            raise TypeError(type(work))
        for cell in work.cells:
            cell.source.encode()  # this value can be sent
        return "accepted: with notes" if work.notes else "accepted"

    return outcome


@contextmanager
def scratch() -> Iterator[Path]:
    """A path for one notebook after the other, in memory if the system allows."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as folder:
        yield Path(folder) / "em.ipynb"


def fuzz(inputs: Iterable[bytes], outcome: Callable[[bytes], str]) -> Tally:
    """Try each input and count the outcomes."""
    tally = Tally()
    began = time.thread_time()
    for data in inputs:
        started = time.thread_time()
        try:
            result = outcome(data)
        except Exception as error:  # no other exception may occur
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
    """The kind of refusal: the message before any detail."""
    if isinstance(error, wire.TooLarge):
        return "a message too large"
    words = str(error).partition(": ")
    kind = words[2].partition(" at line")[0] if "not a valid notebook" in words[0] else words[0]
    return re.sub(r" \d+", "", kind)
