"""The student's process: runs cells in an IPython shell and calls the functions they define."""

import builtins
import contextlib
import io
import os
import socket
import sys
import traceback
from types import TracebackType
from typing import Any

import numpy as np
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from ..selfcheck.values import Key, plain
from . import limits, wire

MAX_TEXT = 2_000


class Shell(InteractiveShell):
    """A notebook's shell without a screen, a history file or a way to other programs."""

    def enable_gui(self, gui=None):
        """`%matplotlib` in any form is accepted; figures are judged by their data."""

    def system(self, cmd):
        """`!command`, `%pip` and `%conda`: nothing is installed or started while grading."""
        print(f"not run while grading: {cmd}")

    system_piped = system_raw = system

    def getoutput(self, cmd, split=True, depth=0):
        self.system(cmd)
        return []

    def run_cell_magic(self, magic_name, line, cell):
        if magic_name in ("bash", "sh", "script", "sx", "system", "!", "perl", "ruby", "js", "javascript"):
            return self.system(f"%%{magic_name}")
        return super().run_cell_magic(magic_name, line, cell)

    def ask_exit(self):
        raise SystemExit

    def showtraceback(self, *args, **kwargs):
        """Errors are reported to the grader, not printed."""

    def showsyntaxerror(self, *args, **kwargs):
        """Errors are reported to the grader, not printed."""


class Capped(io.TextIOBase):
    """Printed text, of which only the first part is kept."""

    def __init__(self, limit: int) -> None:
        self.room = limit
        self.kept: list[str] = []

    def write(self, text: str) -> int:
        if self.room > 0:
            self.kept.append(text[: self.room])
            self.room -= len(text)
        return len(text)

    def writable(self) -> bool:
        return True

    def text(self) -> str:
        return "".join(self.kept)


def make_shell() -> Shell:
    """The shell, made before the fork; it starts no thread and opens no file."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.cache_size = 0
    return Shell.instance(config=config)


def main(link: socket.socket, settings: dict[str, Any], shell: Shell) -> None:
    """Serve one submission, then leave without coming back to the parent's code."""
    try:
        _close_all_but(link)
        os.chdir(settings["folder"])
        os.environ.update(dict.fromkeys(("HOME", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR"), settings["folder"]))
        limits.enter(memory_bytes=settings["memory_bytes"], file_bytes=settings["file_bytes"])
        builtins.input = _no_input
        sys.path.insert(0, settings["folder"])
        while True:
            request = wire.receive(link, max_bytes=settings["reply_bytes"])
            limits.allow_cpu(request["cpu_seconds"])
            output = Capped(settings["output_bytes"])
            with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
                reply = _run(shell, request["run"]) if "run" in request else _call(shell, request)
            reply["output"] = output.text()
            _reply(link, reply)
    except wire.Closed:
        pass
    finally:
        os._exit(0)


def _run(shell: Shell, source: str) -> dict[str, Any]:
    result = shell.run_cell(source, store_history=False)
    error = result.error_before_exec or result.error_in_exec
    return _failure(error) if error else {"value": None}


def _call(shell: Shell, request: dict[str, Any]) -> dict[str, Any]:
    name = request["call"]
    if name not in shell.user_ns:
        return {"kind": "missing"}
    function = shell.user_ns[name]
    try:
        if not callable(function):
            return {"kind": "not_callable", "type": type(function).__name__}
        return {"value": plain(function(*map(_argument, request["args"])))}
    except BaseException as error:  # whatever a student's function raises is an answer
        return _failure(error)
    finally:
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")


def _argument(value: Any) -> Any:
    """A case's argument as the notebook itself would make it; JAX starts when the first one needs it."""
    import jax

    match value:
        case np.ndarray():
            return jax.numpy.asarray(value)
        case Key(seed):
            return jax.random.key(seed)
        case tuple():
            return tuple(map(_argument, value))
    return value


def _failure(error: BaseException) -> dict[str, Any]:
    if isinstance(error, NotImplementedError):
        return {"kind": "not_implemented"}
    try:
        text = str(error)
    except BaseException:  # `__str__` is the student's too
        text = ""
    exhausted = isinstance(error, MemoryError) or "RESOURCE_EXHAUSTED" in text
    return {
        "kind": "memory" if exhausted else "raised",
        "type": type(error).__name__[:MAX_TEXT],
        "text": text[:MAX_TEXT],
        "where": _where(error)[:MAX_TEXT],
    }


def _where(error: BaseException) -> str:
    """The last line of the student's own code on the way to the error."""
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: {(error.text or '').strip()}"
    frames = [frame for frame in _frames(error.__traceback__) if frame.filename.startswith("<ipython-input")]
    return f"line {frames[-1].lineno}: {(frames[-1].line or '').strip()}" if frames else ""


def _frames(trace: TracebackType | None) -> list[traceback.FrameSummary]:
    try:
        return list(traceback.extract_tb(trace, limit=-50))
    except BaseException:  # out of memory or stack; the error itself is still told
        return []


def _reply(link: socket.socket, reply: dict[str, Any]) -> None:
    try:
        frame = wire.encode(reply)
    except MemoryError:
        frame = wire.encode({"kind": "memory", "type": "MemoryError", "text": "", "where": "", "output": ""})
    link.sendall(frame)


def _close_all_but(link: socket.socket) -> None:
    keep = link.fileno()
    os.closerange(0, keep)
    os.closerange(keep + 1, 4096)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in range(3):
        if fd != null:
            os.dup2(null, fd)


def _no_input(prompt: object = "") -> str:
    raise RuntimeError("input() cannot be answered while grading")
