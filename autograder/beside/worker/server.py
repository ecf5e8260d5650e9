"""The preloaded parent: imports the libraries once, then forks a process per submission.

It holds no XLA backend and one thread: a fork copies neither threads nor their locks,
so a child of a process that has either may hang.
"""

import contextlib
import gc
import importlib
import os
import signal
import socket
import sys
import time
from array import array
from typing import Any

from . import child, wire

GRACE_SECONDS = 2.0


def main(control_fd: int, preload: list[str]) -> None:
    """Serve until the grader closes the control socket."""
    control = socket.socket(fileno=control_fd)
    for name in preload:
        importlib.import_module(name)
    shell = child.make_shell()
    # What is alive now stays shared with the children instead of being copied by their collectors.
    gc.collect()
    gc.freeze()
    wire.send(control, {"ready": True})
    while True:
        try:
            request, fds = _receive_with_fds(control)
        except wire.Closed:
            os._exit(0)
        match request:
            case {"fork": dict() as settings}:
                with socket.socket(fileno=fds[0]) as link:
                    _assert_forkable()
                    pid = os.fork()
                    if pid == 0:
                        control.close()
                        child.main(link, settings, shell)
                wire.send(control, {"pid": pid})
            case {"end": int() as pid, "at_once": bool() as at_once}:
                wire.send(control, {"status": _end(pid, at_once=at_once)})


def _end(pid: int, *, at_once: bool) -> int:
    """End a child and its group; its wait status. A child that is about to end by itself gets a moment."""
    deadline = time.monotonic() + (0 if at_once else GRACE_SECONDS)
    status = None
    while status is None and time.monotonic() < deadline:
        done, code = os.waitpid(pid, os.WNOHANG)
        status = code if done else time.sleep(0.005)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    if status is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)  # it may not have made its own group yet
        _, status = os.waitpid(pid, 0)
    return status


def _assert_forkable() -> None:
    threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208 (a Path costs more than the fork's checks)
    if threads != 1:
        raise RuntimeError(f"the preloaded parent has {threads} threads")
    bridge = sys.modules.get("jax._src.xla_bridge")
    if bridge and bridge._backends:
        raise RuntimeError("the preloaded parent has started an XLA backend")


def _receive_with_fds(control: socket.socket) -> tuple[dict[str, Any], array]:
    """A request, and the file descriptors that came with its first byte."""
    fds = array("i")
    mark, ancillary, _, _ = control.recvmsg(1, socket.CMSG_SPACE(fds.itemsize))
    if not mark:
        raise wire.Closed("the grader is gone")
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
    return wire.receive(control, max_bytes=0), fds
