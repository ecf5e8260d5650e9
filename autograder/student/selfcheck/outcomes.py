"""The outcome of a call of a student's function: a value, or a failure with its kind."""

import builtins
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from .values import Plain

MAX_TEXT = 2_000
# Names of exceptions that Python chose. A student's code could put data of a hidden case into any other name.
BUILTIN_ERRORS = frozenset(
    name for name in vars(builtins) if name.endswith(("Error", "Exception", "Exit", "Interrupt"))
)

type FailureKind = Literal[
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
UNWRITTEN: frozenset[str] = frozenset({"missing", "not_implemented"})  # kinds of a function that is not written yet


@dataclass(frozen=True)
class Returned:
    """A returned value.

    Attributes:
        value: the value, as plain arrays.
        output: the text that the call printed.
        seconds: the processor time of the call; only in the notebook.
    """

    value: Plain
    output: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Failure:
    """A call or a cell failed, so there is no value.

    Both texts continue a sentence that begins with the name of the cell or the function.

    Attributes:
        kind: the reason, for programs: no decision depends on the texts.
        summary: contains nothing that the student's code could choose, so it may be shown for a hidden case.
        detail: adds the error's message and line.
        fatal: the failure has ended the worker.
        error: the name of the exception, if it is one of Python's own.
    """

    kind: FailureKind
    summary: str
    detail: str
    fatal: bool = False
    error: str = ""

    @classmethod
    def same(cls, kind: FailureKind, text: str, *, fatal: bool = False) -> "Failure":
        """A failure whose message is safe to show for hidden cases too."""
        return cls(kind, text, text, fatal)

    @property
    def reason(self) -> tuple[str, ...]:
        """Two failures of the same kind and by the same exception have the same reason."""
        return self.kind, self.error


NOT_WRITTEN = Failure.same("not_implemented", "is not written yet")


def raised(kind: Literal["raised", "memory"], error: str, text: str, where: str, *, note: str = "") -> Failure:
    """The failure of code that has raised an exception.

    Args:
        kind: "memory" if it ran out of memory, else "raised".
        error: the name of the exception's type.
        text: its message.
        where: the line, from `where_raised`.
        note: a further remark for the student.
    """
    known = error if error in BUILTIN_ERRORS else ""
    says, at = (f": {text}" if text else ""), (f" (at {where})" if where else "")
    return Failure(kind, f"raised {known or 'an exception'}", f"raised {error}{says}{at}{note}", error=known)


def outcome_of(probe: Callable[..., Plain], function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Try a function with a probe, in this process. Return the outcome: `Returned` or `Failure`."""
    started = time.process_time()
    try:
        value = probe(function, arguments)
    except NotImplementedError:
        return NOT_WRITTEN
    except Exception as error:
        found = described(error)
        return raised(found["kind"], found["type"], found["text"], found["where"])
    return Returned(value, seconds=time.process_time() - started)


def described(error: BaseException) -> dict[str, Any]:
    """The arguments of `raised` for an exception. The student's code can influence all the texts."""
    # Look at the type: `isinstance` would ask the error's `__class__`, which the student's code can change.
    kind = type(error)
    text = _text(lambda: error.msg if isinstance(error, SyntaxError) else error)
    exhausted = issubclass(kind, MemoryError) or "RESOURCE_EXHAUSTED" in text
    return {
        "kind": "memory" if exhausted else "raised",
        "type": _text(lambda: kind.__name__),
        "text": text,
        "where": _text(lambda: where_raised(error)),
    }


def where_raised(error: BaseException) -> str:
    """The last line of the notebook's own code in the traceback of an error; empty if there is none."""
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: {(error.text or '').strip()}"
    frames = traceback.extract_tb(error.__traceback__, limit=-50)
    own = [frame for frame in frames if frame.filename.startswith("<ipython-input") or "ipykernel" in frame.filename]
    return f"line {own[-1].lineno}: {(own[-1].line or '').strip()}" if own else ""


def _text(make: Callable[[], Any]) -> str:
    """The text that a function makes from a student's object, cut to `MAX_TEXT`; empty if it raises an error."""
    try:
        return str(make())[:MAX_TEXT]
    except BaseException:
        return ""
