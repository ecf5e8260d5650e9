"""Turn a reply of a student's process into an outcome. Every reply is checked, because student code can forge it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.student.selfcheck.outcomes import MAX_TEXT, NOT_WRITTEN, Failure, Returned, raised
from autograder.student.selfcheck.values import Opaque, Plain
from autograder.student.selfcheck.words import legible
from autograder.student.worker import wire

MAX_PROBLEMS = 100  # the most that a cell's reply may list; an honest reply lists far fewer


@dataclass(frozen=True, kw_only=True)
class Times:
    """The limits of a cell or a call: processor time and wall-clock time, in seconds."""

    cpu_seconds: int
    wall_seconds: float


@dataclass(frozen=True)
class Ran:
    """A cell has run.

    Attributes:
        failures: the failures of its statements, in their order.
        acts: the cell may have changed more than the values of names: an object or a setting, for example.
        output: the text that it printed.
    """

    failures: tuple[Failure, ...] = ()
    acts: bool = False
    output: str = ""


def understood(
    reply: dict[str, Any], output_bytes: int, times: Times, libraries: Iterable[str] = ()
) -> Returned | Ran | Failure:
    """The outcome that a reply stands for: a value, a cell that has run, or one of the known failures.

    Args:
        reply: a message from a student's process.
        output_bytes: the most characters of printed output that are kept.
        times: the limits of the cell or call.
        libraries: the libraries that can be imported; a message about a missing library lists them.

    Raises:
        WireError: the reply is none of these.
    """
    match reply:
        case {"value": value}:
            return Returned(_plain(value), _shown(reply.get("output", ""), output_bytes))
        case {"problems": tuple(problems), "acts": bool(acts)} if len(problems) <= MAX_PROBLEMS:
            failures = tuple(_failure(problem, times, libraries) for problem in problems)
            return Ran(failures, acts, _shown(reply.get("output", ""), output_bytes))
    return _failure(reply, times, libraries)


def _failure(reply: Any, times: Times, libraries: Iterable[str]) -> Failure:
    if not isinstance(reply, dict):
        raise wire.WireError("a failure that is not a dict")
    texts = {name: _shown(reply.get(name, ""), MAX_TEXT) for name in ("type", "text", "where")}
    match reply:
        case {"kind": kind} if not isinstance(kind, str):  # an array would be compared element by element below
            raise wire.WireError("a kind that is not a text")
        case {"kind": "missing"}:
            return Failure.same("missing", "is not defined")
        case {"kind": "not_implemented"}:
            return NOT_WRITTEN
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
            missing = texts["type"] == "ModuleNotFoundError"
            note = f"; while grading you can import: {', '.join(libraries)}" if missing else ""
            return raised(kind, texts["type"], texts["text"], texts["where"], note=note)
    raise wire.WireError("an unknown kind of reply")


def out_of_processor_time(times: Times, *, fatal: bool = False) -> Failure:
    """The failure of a cell or a call that has used its processor time."""
    says = f"used more than {times.cpu_seconds} seconds of processor time"
    return Failure("cpu", says, f"{says}: does a loop never end, or is there too much work?", fatal)


def out_of_time(times: Times, *, fatal: bool = False) -> Failure:
    """The failure of a cell or a call that has reached its wall-clock limit."""
    return Failure.same("wall", f"did not end within {times.wall_seconds:.0f} seconds", fatal=fatal)


def _plain(value: Any) -> Plain:
    """The value, if it is one that `plain` returns: a forged reply may contain other values."""
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
    """The text, cut to a length and without control characters, so that a page or a terminal can show it."""
    if not isinstance(text, str):
        raise wire.WireError("a text that is not a str")
    return legible(text[:length], kept="\n\t")
