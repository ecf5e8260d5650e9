"""The preloaded parent: imports the libraries once, then forks a process per submission.

It holds no XLA backend and one thread: a fork copies neither threads nor their locks,
so a child of a process that has either may hang.
"""

import contextlib
import gc
import importlib
import os
import select
import signal
import socket
import sys
import time
from array import array
from pathlib import Path
from typing import Any

from . import submission, wire
from .compile_server import Compiler
from .isolation import limits
from .shell import make_shell

GRACE_SECONDS = 2.0
SWEEPS = 1000
PATROL_SECONDS = 0.05
# JAX makes so many objects that Python, left alone, spends a third of its time on looking for cycles among them.
COLLECT_AFTER = 50_000, 20, 50
MAX_THREADS = 1000  # of a submission; all processes of a machine share the numbers that threads have


def main(control_fd: int, preload: list[str]) -> None:
    """Serve until the grader closes the control socket, or is gone.

    Args:
        preload: the libraries that every notebook needs.
    """
    limits.adopt_orphans()
    control = socket.socket(fileno=control_fd)
    for name in preload:
        _import(name)
    shell = make_shell()
    workers: set[int] = set()
    compiler = Compiler()
    while True:
        while not select.select([control], [], [], PATROL_SECONDS)[0]:
            _end_crowds(workers)
        try:
            request, fds = _receive_with_fds(control)
        except (wire.Closed, ConnectionError):
            break
        match request:
            case {"preload": tuple() as more}:
                importlib.invalidate_caches()  # these may have been linked while others were imported
                for name in more:
                    _import(name)
                # What is alive now stays shared with the children instead of being copied by their collectors.
                gc.collect()
                gc.freeze()
                gc.set_threshold(*COLLECT_AFTER)
                wire.send(control, {"ready": True})
            case {"fork": dict() as settings, "compiler": dict() as of_the_compiler}:
                _assert_forkable()
                with socket.socket(fileno=fds[0]) as link, compiler.connect(of_the_compiler) as compiling:
                    try:
                        pid = os.fork()
                    except OSError as error:  # no memory or no process to be had at this moment
                        wire.send(control, {"refused": str(error)})
                        continue
                    if pid == 0:
                        control.close()
                        submission.main(link, compiling, settings, shell)
                workers.add(pid)
                wire.send(control, {"pid": pid})
            case {"end": int() as pid, "at_once": bool() as at_once}:
                status = _end(pid, at_once=at_once)
                workers.discard(pid)
                _end_strays({*workers, compiler.pid})
                wire.send(control, {"status": status})
    for pid in workers:
        _end(pid, at_once=True)
    _end_strays(set())


def _import(name: str) -> None:
    """Import a library without starting XLA: GenJAX makes a key as it is imported, each child makes it anew."""
    names = vars(sys.modules["jax.random"]) if name == "genjax" else {}
    make_key = names.get("key")
    names["key"] = lambda *args, **kwargs: None
    try:
        importlib.import_module(name)
    finally:
        names["key"] = make_key


def _end(pid: int, *, at_once: bool) -> int:
    """End a child and its group; its wait status. A child that is about to end by itself gets a moment."""
    deadline = time.monotonic() + (0 if at_once else GRACE_SECONDS)
    # Not reaped yet, so that its number stays its own until the signals below are sent.
    while time.monotonic() < deadline and not os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        time.sleep(0.005)
    for kill in (os.killpg, os.kill):  # it may not have made its own group yet
        with contextlib.suppress(ProcessLookupError):
            kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


def _end_crowds(workers: set[int]) -> None:
    """End what has far more threads than it can use: no limit of resources counts those of root."""
    for pid in workers:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            inside = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()  # in namespaces of its own
            if any(Path(f"/proc/{one}/task").stat().st_nlink > MAX_THREADS for one in (pid, *inside)):
                os.kill(pid, signal.SIGKILL)


def _end_strays(workers: set[int | None]) -> None:
    """End what a submission has left: its namespaces' first process, and what its code has moved out of its group."""
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    for _ in range(SWEEPS):  # each sweep may orphan others
        strays = {int(pid) for pid in children.read_text().split()} - workers
        if not strays:
            return
        for pid in strays:
            os.kill(pid, signal.SIGKILL)
        for pid in strays:  # in no known order, and the first process of a namespace ends after all others
            os.waitpid(pid, os.WNOHANG)
        time.sleep(0.001)


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
