"""A million hostile inputs for the two readers that meet what students control: messages and notebooks.

    uv run python -m benchmarks.fuzz --inputs 1000000

A frame, as a student's process may send it, gives a reply or raises `WireError`; a file gives cells or raises
`UnreadableNotebook`. Anything else is a finding, and so are an input that takes over a second of processor time or
too much memory, and a message that reads differently once it is sent on. Each finding is saved with its input, and
the command exits with 1. The inputs are valid ones, changed; the same seed makes the same inputs.
"""

import argparse
import json
import os
import platform
import re
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, cast

import numpy as np
from rich.console import Console
from rich.table import Column, Table

from autograder.errors import UnreadableNotebook
from autograder.notebooks.released import Released
from autograder.sandbox.outcomes import Failure, Ran, Returned, Times, understood
from autograder.student.selfcheck.values import Key, Opaque, Prior
from autograder.student.worker import wire
from autograder.submissions.cells import Work
from autograder.submissions.read import read_work

SEED = 20261123
SHARE_OF_FRAMES = 0.7
TIMES = Times(cpu_seconds=1, wall_seconds=5)
MAX_SECONDS = 1.0  # of the processor: what else the machine does is not counted
MAX_MEMORY = 2**29  # beyond what the process has before the first input
MAX_ARRAYS = 2**20
MAX_FINDINGS = 100
RESULTS = Path(__file__).parent / "results" / "fuzz.json"

RELEASED = Released(
    given={"setup": "import jax"},
    skeletons={"e_step": "def e_step(): raise NotImplementedError"},
    checks={"check_e_step": 'check("e_step", e_step)'},
    written={"written": "# Question"},
)
REPLIES: tuple[dict[str, Any], ...] = (
    {"value": None, "output": ""},
    {"value": np.arange(6, dtype=np.float32).reshape(2, 3), "output": "hello\n"},
    {"value": (np.zeros((2, 0)), np.array(True), np.array([-1, 1], np.int8), Opaque("set"))},
    {"value": {"mu": np.ones(2), "name": "text", "deep": ((), {"a": (np.array(1),)})}, "output": "é�"},
    {"value": Prior(1, 2.5, Key(3), None, "x"), "number": 2**70},
    {"kind": "missing"},
    {"kind": "not_implemented"},
    {"kind": "not_callable", "type": "int"},
    {"kind": "raised", "type": "ValueError", "text": "no", "where": "line 2"},
    {"kind": "memory", "type": "MemoryError", "text": "", "where": ""},
    {"ready": True},
)


def _cell(source: Any, grade_id: str | None = None) -> dict[str, Any]:
    metadata = {"nbgrader": {"grade_id": grade_id, "points": 3, "locked": False}} if grade_id else {}
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [], "execution_count": None}


NOTEBOOKS: tuple[dict[str, Any], ...] = (
    {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "python3"}},
        "cells": [
            {"cell_type": "markdown", "source": ["# EM\n", "é"], "metadata": {}},
            _cell("import jax", "setup"),
            _cell(["def e_step():\n", "    return 1"], "e_step"),
            _cell("check()", "check_e_step"),
            _cell("e_step()"),
        ],
    },
    {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []},
    {
        "nbformat": 4,
        "cells": [_cell(source, "e_step") for source in (RELEASED.skeletons["e_step"], "e_step = 1", "e_step = 2")],
    },
    {"nbformat": 3, "worksheets": [{"cells": [{"cell_type": "code", "input": ["e_step = 1"], "metadata": {}}]}]},
)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2**31, 2**63, 2**64, -(2**63), 10**400, 0.5, -0.0, 5e-324, 1e308, float("nan")),
    *(float("inf"), "", "code", "value", "f8", "O", "b1", "\0", "\ud800", "\u202e", "../../x", "x" * 5_000),
    *([], [[]], {}, [{}], {"": ""}, ["f8", [2]], {"array": ["f8", [2**62, 4]]}, {"array": ["u1", [0, 2**63]]}),
    *({"array": ["b1", [1]]}, {"array": ["f8", []]}, {"tuple": []}, {"tuple": [1]}, {"key": 1}, {"opaque": "x"}),
    *({"dict": {}}, {"prior": [1, 2, 3, 4, 5]}, {"nbgrader": {"grade_id": "e_step"}}, {"cells": [{}]}),
)
NAMES = ("", "value", "kind", "output", "array", "tuple", "dict", "key", "opaque", "prior", "cells", "source", "input")
TOKENS = (
    *("NaN", "-Infinity", "1e999", "-", "\\", '"', "{", "}", "[", "]", ",", ":", "\0", "\n", "\ufeff", '"\\ud800"'),
    *("9" * 5_000, "1" * 400, '"value": 1, ', '"a": 1, "a": 2, ', '{"tuple": [' * 30, "[" * 3_000, '{"a":' * 3_000),
    "[" * 100_000,
)
NUMBERS = (
    0,
    1,
    2,
    11,
    12,
    13,
    255,
    256,
    2**16,
    2**20,
    2**20 + 1,
    wire.MAX_HEADER,
    wire.MAX_HEADER + 1,
    2**31,
    2**32 - 1,
)


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


def frames(seed: int) -> Iterator[bytes]:
    """Frames without end, hardly one of them as it should be."""
    random = Random(f"frames {seed}")
    corpus = [wire.encode(reply) for reply in REPLIES]
    start = wire.LENGTHS.size
    split = [(frame[start : start + wire.LENGTHS.unpack(frame[:start])[0]], frame) for frame in corpus]
    while True:
        header, frame = random.choice(split)
        body = frame[start + len(header) :]
        match random.randrange(10):
            case 0:
                yield random.randbytes(random.randrange(64))
            case 1:
                yield _bytes_changed(frame, random, corpus)
            case 2:
                yield wire.LENGTHS.pack(random.choice(NUMBERS), random.choice(NUMBERS)) + header + body
            case 3:
                yield _framed(_bytes_changed(header, random, corpus), body)
            case 4:
                yield _framed(header, _bytes_changed(body, random, corpus))
            case 5 | 6:
                yield _framed(_text_changed(header.decode(), random).encode(errors="surrogatepass"), body)
            case _:
                yield _framed(json.dumps(_tree_changed(json.loads(header), random)).encode(), body)


def notebooks(seed: int) -> Iterator[bytes]:
    """Files without end, hardly one of them a notebook as it should be."""
    random = Random(f"notebooks {seed}")
    texts = [json.dumps(notebook) for notebook in NOTEBOOKS]
    corpus = [text.encode() for text in texts]
    while True:
        text = random.choice(texts)
        match random.randrange(10):
            case 0:
                yield random.randbytes(random.randrange(64))
            case 1 | 2:
                yield _bytes_changed(text.encode(), random, corpus)
            case 3:
                yield text.encode(random.choice(["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-7"]))
            case 4 | 5:
                yield _text_changed(text, random).encode(errors="surrogatepass")
            case _:
                yield json.dumps(_tree_changed(json.loads(text), random)).encode()


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


def main() -> None:
    """Fuzz both readers, print what came of it and write the results."""
    parser = argparse.ArgumentParser(description="Fuzz the readers of messages and of notebooks.")
    parser.add_argument("--inputs", type=int, default=1_000_000, help="of both kinds together")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"), help="where to save what should not be")
    options = parser.parse_args()
    count = round(SHARE_OF_FRAMES * options.inputs)
    _bound_memory()
    with scratch() as path:
        read = notebook_outcome(path)
        tallies = {
            "frames": fuzz(islice(frames(options.seed), count), frame_outcome),
            "notebooks": fuzz(islice(notebooks(options.seed), options.inputs - count), read),
        }

    table = Table(Column("reader"), Column("outcome"), Column("inputs", justify="right"))
    for name, tally in tallies.items():
        for outcome, number in tally.outcomes.most_common():
            table.add_row(name, outcome, f"{number:,}")
        table.add_row(name, f"all, in {tally.seconds:.0f} s; the slowest {1000 * tally.slowest:.0f} ms", "")
        table.add_section()
    Console().print(table)
    report = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.system()} {platform.release()} {platform.machine()}, {os.cpu_count()} cores",
        "versions": {"python": platform.python_version(), "numpy": version("numpy")},
        "command": f"uv run python -m benchmarks.fuzz --inputs {options.inputs} --seed {options.seed}",
        "seed": options.seed,
        "inputs": sum(tally.outcomes.total() for tally in tallies.values()),
        "findings": sum(len(tally.findings) for tally in tallies.values()),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10),
        "readers": {
            name: {
                "inputs": tally.outcomes.total(),
                "processor_seconds": round(tally.seconds, 1),
                "slowest_ms": round(1000 * tally.slowest, 1),
                "outcomes": dict(tally.outcomes.most_common()),
            }
            for name, tally in tallies.items()
        },
    }
    RESULTS.write_text(json.dumps(report, indent=1) + "\n")
    for name, tally in tallies.items():
        for number, (what, data) in enumerate(tally.findings):
            options.findings.mkdir(parents=True, exist_ok=True)
            saved = options.findings / f"{name}-{number}"
            saved.write_bytes(data)
            print(f"{saved}: {what}")
    sys.exit(1 if report["findings"] else 0)


def _bound_memory() -> None:
    """From here on, an allocation out of proportion fails."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MAX_MEMORY, used + MAX_MEMORY))


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


def _framed(header: bytes, body: bytes) -> bytes:
    return wire.LENGTHS.pack(len(header), len(body)) + header + body


def _bytes_changed(data: bytes, random: Random, corpus: list[bytes]) -> bytes:
    """Bits flipped, something cut out, doubled or put in, or the end of another."""
    place = random.randrange(len(data) + 1)
    end = min(len(data), place + random.choice([1, 2, 4, 16, 256]))
    match random.randrange(6):
        case 0:
            return data[:place]
        case 1:
            return data[:place] + data[end:]
        case 2:
            return data[:end] + data[place:]
        case 3:
            other = random.choice(corpus)
            return data[:place] + other[random.randrange(len(other)) :]
        case 4:
            return data[:place] + random.randbytes(random.randrange(1, 9)) + data[end:]
    changed = bytearray(data)
    for _ in range(random.randrange(1, 9) if changed else 0):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _text_changed(text: str, random: Random) -> str:
    """JSON with something in it that a JSON writer would not write, where a value or a name may stand."""
    places = [place for place, letter in enumerate(text, start=1) if letter in "{[:,"]
    place = random.choice(places)
    # The largest are costly and all alike.
    token = random.choice(TOKENS if random.random() < 0.05 else TOKENS[:-3])
    return text[:place] + token + text[place:]


def _tree_changed(tree: Any, random: Random) -> Any:
    """JSON with one to three values or names changed."""
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        tree = _changed(tree, random)
    return tree


def _changed(tree: Any, random: Random) -> Any:
    if not tree or not isinstance(tree, dict | list) or random.random() < 0.1:
        return _nested(tree, random) if random.random() < 0.1 else random.choice(VALUES)
    place = random.choice(list(tree)) if isinstance(tree, dict) else random.randrange(len(tree))
    match random.randrange(8):
        case 0:
            return _without(tree, place)
        case 1 if isinstance(tree, dict):
            return {random.choice(NAMES) if name == place else name: value for name, value in tree.items()}
        case 1:
            return [*tree, *tree[place:]]
        case 2 if isinstance(tree, dict):
            return tree | {random.choice(NAMES): random.choice(VALUES)}
        case 2:
            return [*tree[:place], random.choice(VALUES), *tree[place:]]
    changed = _changed(tree[place], random)
    if isinstance(tree, dict):
        return tree | {place: changed}
    return [*tree[:place], changed, *tree[place + 1 :]]


def _without(tree: Any, place: Any) -> Any:
    if isinstance(tree, dict):
        return {name: value for name, value in tree.items() if name != place}
    return [*tree[:place], *tree[place + 1 :]]


def _nested(tree: Any, random: Random) -> Any:
    """The same, in boxes: about as many as a message may have, or far more."""
    name = random.choice([None, "tuple", "dict", "cells", "source"])
    for _ in range(random.choice([2, 19, 20, 21, 200])):
        tree = [tree] if name is None else {name: [tree]}
    return tree


if __name__ == "__main__":
    main()
