"""The student's process: runs cells in an IPython shell and calls the functions they define."""

import _sitebuiltins
import builtins
import contextlib
import io
import os
import socket
import sys
import traceback
from collections.abc import Callable
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.text import SList
from traitlets.config import Config

from ..selfcheck import codec
from . import compiler, isolation, limits, wire

MAX_TEXT = 2_000
INSTALLERS = frozenset({"pip", "conda", "mamba", "micromamba", "uv"})
PROGRAMS = frozenset(
    {"bash", "sh", "script", "perl", "ruby", "js", "javascript", "python", "python2", "python3", "pypy"}
)


class Shell(InteractiveShell):
    """A notebook's shell without a screen, a history file or a way to other programs."""

    def enable_gui(self, gui=None):
        """There is no screen."""

    def enable_matplotlib(self, gui=None):
        """`%matplotlib` in any form is accepted and changes nothing; figures are judged by their data."""
        return gui, "agg"

    def system(self, cmd):
        """`!command`: nothing is installed or started while grading."""
        print(f"not run while grading: {cmd}")

    system_piped = system_raw = system

    def getoutput(self, cmd, split=True, depth=0):
        self.system(cmd)
        return SList()

    def run_line_magic(self, magic_name, line, _stack_depth=1):
        if magic_name in INSTALLERS or self.find_line_magic(magic_name) is None:
            return self.system(f"%{magic_name} {line}")
        return super().run_line_magic(magic_name, line, _stack_depth + 1)

    def run_cell_magic(self, magic_name, line, cell):
        if magic_name in PROGRAMS or self.find_cell_magic(magic_name) is None:
            return self.system(f"%%{magic_name} {line}")
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
    builtins.help = _sitebuiltins._Helper()  # part of `site`, which is not loaded
    return Shell.instance(config=config)


def main(link: socket.socket, compiling: socket.socket, settings: dict[str, Any], shell: Shell) -> None:
    """Serve one submission, then leave without coming back to the parent's code.

    Args:
        link: the connection to the grader.
        compiling: the connection to the process that compiles.
    """
    try:
        limits.close_all_but(link, compiling)
        view = isolation.View(**settings["view"])
        os.environ.update(dict.fromkeys(("HOME", "TMPDIR", "IPYTHONDIR", "MPLCONFIGDIR"), str(view.work)))
        limits.enter(
            total_cpu_seconds=settings["total_cpu_seconds"],
            memory_bytes=settings["memory_bytes"],
            file_bytes=settings["file_bytes"],
        )
        try:
            isolation.enter(view, links=(link.fileno(), compiling.fileno()))
        except Exception as error:
            wire.send(link, {"refused": f"{type(error).__name__}: {error}"})
            return
        wire.send(link, {"ready": True})
        builtins.input = _no_input
        compiler.use(compiling)
        if genjax := sys.modules.get("genjax.pjax"):
            vars(genjax)["_fake_key"] = sys.modules["jax.random"].key(1)  # see server._import
        sys.path.insert(0, str(view.work))
        while True:
            request = wire.receive(link, max_bytes=settings["reply_bytes"])
            limits.allow_cpu(request["cpu_seconds"])
            link.sendall(_serve(shell, request, Capped(settings["output_bytes"])))
    finally:  # also when the grader is gone
        os._exit(0)


def _serve(shell: Shell, request: dict[str, Any], output: Capped) -> bytes:
    """The reply to a request, as a frame. Whatever the student's code raises on the way is an answer."""
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            try:
                reply = _run(shell, request["run"]) if "run" in request else _call(shell, request)
            finally:
                _close_figures()
        return wire.encode(reply | {"output": output.text()})
    except BaseException as error:
        return wire.encode(_failure(error))


def _run(shell: Shell, source: str) -> dict[str, Any]:
    result = shell.run_cell(source, store_history=False)
    error = result.error_before_exec or result.error_in_exec
    return _failure(error) if error else {"value": None}


def _call(shell: Shell, request: dict[str, Any]) -> dict[str, Any]:
    name = request["call"]
    if name not in shell.user_ns:
        return {"kind": "missing"}
    function = shell.user_ns[name]
    if not callable(function):
        return {"kind": "not_callable", "type": type(function).__name__}
    return {"value": codec.decode_probe(request["probe"])(function, request["args"])}


def _close_figures() -> None:
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


def _failure(error: BaseException) -> dict[str, Any]:
    # By its type: an `isinstance` would ask the error itself, whose `__class__` is the student's.
    kind = type(error)
    if issubclass(kind, NotImplementedError):
        return {"kind": "not_implemented"}
    text = _text(lambda: error.msg if isinstance(error, SyntaxError) else error)
    exhausted = issubclass(kind, MemoryError) or "RESOURCE_EXHAUSTED" in text
    return {
        "kind": "memory" if exhausted else "raised",
        "type": _text(lambda: kind.__name__),
        "text": text,
        "where": _text(lambda: _where(error)),
    }


def _text(make: Callable[[], Any]) -> str:
    """A text in whose making the student's code has a hand; empty where that fails."""
    try:
        return str(make())[:MAX_TEXT]
    except BaseException:
        return ""


def _where(error: BaseException) -> str:
    """The last line of the student's own code on the way to the error."""
    if isinstance(error, SyntaxError):
        return f"line {error.lineno}: {(error.text or '').strip()}"
    frames = traceback.extract_tb(error.__traceback__, limit=-50)
    own = [frame for frame in frames if frame.filename.startswith("<ipython-input")]
    return f"line {own[-1].lineno}: {(own[-1].line or '').strip()}" if own else ""


def _no_input(prompt: object = "") -> str:
    raise RuntimeError("input() cannot be answered while grading")
