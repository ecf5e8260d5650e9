"""The student's process: runs cells in an IPython shell and calls the functions they define."""

import builtins
import contextlib
import os
import socket
import sys
from typing import Any

from ..selfcheck import codec
from ..selfcheck.outcomes import MAX_TEXT, described
from ..selfcheck.programs import version
from . import compile_server, forbidden, hooks, isolation, wire
from .isolation import limits
from .shell import Capped, Ran, Select, Shell, beside, definitions, keep_platform
from .states import States

STATE_SECONDS = 5  # processor time for keeping or comparing the values of all names
GRACE = 0.4  # extra share of a cell's time, for its last steps after the interrupt, before the kernel kills the process


def main(link: socket.socket, compiling: socket.socket, settings: dict[str, Any], shell: Shell) -> None:
    """Serve one submission, then end the process. Never returns.

    Args:
        link: the connection to the grader.
        compiling: the connection to the compile server.
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
        wire.send(link, {"ready": True, "missing": hooks.missing()})
        builtins.input = _no_input
        if view.level != "none":
            forbidden.tell()
        compile_server.use(compiling)
        hooks.make_keys()
        sys.path.insert(0, str(view.work))
        states = States(shell.user_ns)
        while True:
            request = wire.receive(link, max_bytes=settings["reply_bytes"])
            link.sendall(_serve(shell, states, request, Capped(settings["output_bytes"])))
    finally:  # also if the grader is gone
        os._exit(0)


def _serve(shell: Shell, states: States, request: dict[str, Any], output: Capped) -> bytes:
    """The reply to a request, as a frame. An exception of the student's code becomes a reply too."""
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            try:
                reply = _reply(shell, states, request)
            finally:
                _close_figures()
        return wire.encode(reply | {"output": output.text()})
    except BaseException as error:
        return wire.encode(_failure(error))


def _reply(shell: Shell, states: States, request: dict[str, Any]) -> dict[str, Any]:
    match request:
        case {"run": str(source), "cpu_seconds": cpu_seconds, "wall_seconds": wall_seconds}:
            limits.allow_cpu(cpu_seconds * (1 + GRACE))
            ran = shell.run(source, _select(shell, request), cpu_seconds=cpu_seconds, wall_seconds=wall_seconds)
            return _report(ran)
        case {"keep": int(place)}:
            limits.allow_cpu(STATE_SECONDS)
            states.keep(place)
            return {"value": None}
        case {"differ": str(name), "places": (int(first), int(second))}:
            limits.allow_cpu(STATE_SECONDS)
            return {"value": "differ" if states.differ(name, first, second) else None}
        case {"call": str(name), "place": place, "cpu_seconds": cpu_seconds}:
            limits.allow_cpu(cpu_seconds)
            if place is not None:
                states.go_to(place)
            return _call(shell, name, request)
    raise ValueError("an unknown request")


def _select(shell: Shell, request: dict[str, Any]) -> Select:
    """The function that selects the statements of a cell to run."""
    if released := request["beside"]:
        return beside(shell, released)
    return definitions if request["definitions"] else list


def _report(ran: Ran) -> dict[str, Any]:
    problems = [_failure(error) for error in ran.errors]
    problems += [{"kind": "platform", "text": name[:MAX_TEXT]} for name in ran.platforms]
    return {"problems": tuple(problems), "acts": ran.acts}


def _call(shell: Shell, name: str, request: dict[str, Any]) -> dict[str, Any]:
    if name not in shell.user_ns:
        return {"kind": "missing"}
    function = shell.user_ns[name]
    if not callable(function):
        return {"kind": "not_callable", "type": type(function).__name__}
    try:
        with version(request["place"]):
            return {"value": codec.decode_probe(request["probe"])(function, request["args"])}
    finally:
        keep_platform()


def _close_figures() -> None:
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


def _failure(error: BaseException) -> dict[str, Any]:
    # Look at the type: `isinstance` would ask the error's `__class__`, which the student's code can change.
    kind = type(error)
    if issubclass(kind, NotImplementedError):
        return {"kind": "not_implemented"}
    if type(error) is limits.OutOfTime:  # not `isinstance`, see above
        return {"kind": error.clock}
    return described(error)


def _no_input(prompt: object = "") -> str:
    raise RuntimeError("input() cannot be answered while grading")
