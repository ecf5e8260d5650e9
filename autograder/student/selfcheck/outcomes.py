"""What comes of calling a student's function: a value, or a failure with its kind."""

import builtins
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from .values import Plain

MAX_TEXT = 2_000
# Names of exceptions that a student's code cannot have chosen to carry a message.
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
UNWRITTEN: frozenset[str] = frozenset({"missing", "not_implemented"})  # failures of a function that nobody has written


@dataclass(frozen=True)
class Returned:
    """A value that came back, as plain arrays, and what was printed on the way; the processor time in the notebook."""

    value: Plain
    output: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Failure:
    """No value came back. Both texts go on from the name of the cell or the function.

    `kind` is for programs: no decision depends on the words. `summary` holds nothing that the student's code could
    choose, so it may be shown for a hidden case; `detail` adds its message and line. After a fatal failure the
    worker is gone. `error` is the name of the exception, where Python itself has given it.
    """

    kind: FailureKind
    summary: str
    detail: str
    fatal: bool = False
    error: str = ""

    @classmethod
    def same(cls, kind: FailureKind, text: str, *, fatal: bool = False) -> "Failure":
        """A failure whose summary is all that there is to say."""
        return cls(kind, text, text, fatal)

    @property
    def reason(self) -> tuple[str, ...]:
        """Equal for two failures of one kind, by the same exception."""
        return self.kind, self.error


NOT_WRITTEN = Failure.same("not_implemented", "is not written yet")


def raised(kind: Literal["raised", "memory"], error: str, text: str, where: str, *, note: str = "") -> Failure:
    """The failure of code that has raised an exception.

    Args:
        kind: whether it ran out of memory.
        error: the name of the exception's type.
        text: its message.
        where: the line, as `where_raised` gives it.
        note: what there is to add for the student.
    """
    known = error if error in BUILTIN_ERRORS else ""
    says, at = (f": {text}" if text else ""), (f" (at {where})" if where else "")
    return Failure(kind, f"raised {known or 'an exception'}", f"raised {error}{says}{at}{note}", error=known)


def outcome_of(probe: Callable[..., Plain], function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    """Call a function here, as a probe does, and say what came of it: `Returned` or `Failure`."""
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
    """What `raised` wants to know of an exception. The student's code has a hand in all the texts."""
    # By its type: an `isinstance` would ask the error itself, whose `__class__` is the student's.
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
    """The last line of a notebook's own code on the way to an error; empty where there is none."""
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: {(error.text or '').strip()}"
    frames = traceback.extract_tb(error.__traceback__, limit=-50)
    own = [frame for frame in frames if frame.filename.startswith("<ipython-input") or "ipykernel" in frame.filename]
    return f"line {own[-1].lineno}: {(own[-1].line or '').strip()}" if own else ""


def _text(make: Callable[[], Any]) -> str:
    """A text in whose making the student's code has a hand; empty where that fails."""
    try:
        return str(make())[:MAX_TEXT]
    except BaseException:
        return ""
