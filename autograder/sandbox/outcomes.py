"""What comes back from a student's process, and how much of it is believed."""

import builtins
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from autograder.student.selfcheck.values import Opaque, Plain
from autograder.student.worker import wire

MAX_TEXT = 2_000
MAX_PROBLEMS = 100  # that a cell may tell of; it tells of far fewer

# Names of exceptions that a student's code cannot have chosen to carry a message.
_BUILTIN_ERRORS = frozenset(
    name for name in vars(builtins) if name.endswith(("Error", "Exception", "Exit", "Interrupt"))
)

type Kind = Literal[
    "missing",
    "not_callable",
    "not_implemented",
    "raised",
    "cpu",
    "wall",
    "memory",
    "crashed",
    "too_large",
    "protocol",
    "platform",
]


@dataclass(frozen=True, kw_only=True)
class Times:
    """What a cell or a call may take: processor time, and time of the clock on the wall."""

    cpu_seconds: int
    wall_seconds: float


@dataclass(frozen=True)
class Returned:
    """A value that came back, as plain arrays, and what was printed on the way."""

    value: Plain
    output: str = ""


@dataclass(frozen=True)
class Failure:
    """No value came back. Both texts go on from the name of the cell or the function.

    `summary` holds nothing that the student's code could choose, so it may be shown
    for a hidden case; `detail` adds its message and line. After a fatal failure the
    worker is gone.
    """

    kind: Kind
    summary: str
    detail: str
    fatal: bool = False


@dataclass(frozen=True)
class Ran:
    """A cell has run. `failures` are the statements of it that did not, in their order.

    `acts`: it may have changed more than the values of names, an object or a setting for instance.
    """

    failures: tuple[Failure, ...] = ()
    acts: bool = False
    output: str = ""


def told(kind: Kind, text: str, *, fatal: bool = False) -> Failure:
    """A failure of which the same may be said everywhere."""
    return Failure(kind, text, text, fatal)


def understood(
    reply: dict[str, Any], output_bytes: int, times: Times, libraries: Iterable[str] = ()
) -> Returned | Ran | Failure:
    """A reply, believed only in so far as it is a value, a cell that has run, or one of the known failures.

    Args:
        libraries: what there is to import, to be told to whoever has imported another.

    Raises:
        WireError: it is none of these.
    """
    match reply:
        case {"value": value}:
            return Returned(_plain(value), _shown(reply.get("output", ""), output_bytes))
        case {"problems": tuple(problems), "acts": bool(acts)} if len(problems) <= MAX_PROBLEMS:
            failures = tuple(_failure(one, times, libraries) for one in problems)
            return Ran(failures, acts, _shown(reply.get("output", ""), output_bytes))
    return _failure(reply, times, libraries)


def _failure(reply: Any, times: Times, libraries: Iterable[str]) -> Failure:
    if not isinstance(reply, dict):
        raise wire.WireError("a failure that is none")
    texts = {name: _shown(reply.get(name, ""), MAX_TEXT) for name in ("type", "text", "where")}
    match reply:
        case {"kind": kind} if not isinstance(kind, str):  # an array compares element by element
            raise wire.WireError("a kind that is no text")
        case {"kind": "missing"}:
            return told("missing", "is not defined")
        case {"kind": "not_implemented"}:
            return told("not_implemented", "is not written yet")
        case {"kind": "cpu"}:
            return out_of_processor_time(times)
        case {"kind": "wall"}:
            return out_of_time(times)
        case {"kind": "platform"}:
            asked = f"asks JAX to compute on {texts['text']!r}, which the grading machine does not have"
            return Failure("platform", "asks JAX for another platform", f"{asked}: that line has no effect here")
        case {"kind": "not_callable"}:
            return Failure("not_callable", "is not a function", f"is not a function but of type {texts['type']}")
        case {"kind": "raised" | "memory" as kind}:
            known = texts["type"] if texts["type"] in _BUILTIN_ERRORS else "an exception"
            where = f" (at {texts['where']})" if texts["where"] else ""
            says = f": {texts['text']}" if texts["text"] else ""
            there = f"; while grading there are: {', '.join(libraries)}" if known == "ModuleNotFoundError" else ""
            return Failure(kind, f"raised {known}", f"raised {texts['type']}{says}{where}{there}")
    raise wire.WireError("an unknown kind of reply")


def out_of_processor_time(times: Times, *, fatal: bool = False) -> Failure:
    """What is said of a cell or a call that has used its processor time."""
    says = f"used more than {times.cpu_seconds} seconds of processor time"
    return Failure("cpu", says, f"{says}: does a loop never end, or is there too much work?", fatal)


def out_of_time(times: Times, *, fatal: bool = False) -> Failure:
    """What is said of a cell or a call that has waited for too long."""
    return told("wall", f"did not end within {times.wall_seconds:.0f} seconds", fatal=fatal)


def _plain(value: Any) -> Plain:
    """A value as `plain` gives it: the process may send what `plain` never returns."""
    match value:
        case None | np.ndarray():
            return value
        case str():
            return _shown(value, MAX_TEXT)
        case Opaque(type_name):
            return Opaque(_shown(type_name, MAX_TEXT))
        case tuple():
            return tuple(map(_plain, value))
        case dict():
            return {_shown(name, MAX_TEXT): _plain(item) for name, item in value.items()}
    raise wire.WireError("a value of a kind that is not returned")


def _shown(text: Any, length: int) -> str:
    """A text that may be shown on a page or a terminal: short, and without control characters."""
    if not isinstance(text, str):
        raise wire.WireError("a text that is none")
    return "".join(letter if letter.isprintable() or letter in "\n\t" else "�" for letter in text[:length])
