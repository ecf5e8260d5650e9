"""The fork server: imports the libraries once, then forks a process per submission.

It has one thread and starts no XLA backend. A child process has only the thread that called `fork`, so a lock that
another thread held would never be released, and the child could hang.
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
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from . import hooks, submission, wire
from .compile_server import Compiler
from .isolation import limits
from .shell import make_shell

GRACE_SECONDS = 2.0
SWEEPS = 1000
PATROL_SECONDS = 0.05
# JAX makes many objects: with Python's default thresholds, a third of the time goes to searching them for cycles, and a
# seventh of the time that imports take.
COLLECT_AFTER = 50_000, 20, 50
MAX_THREADS = 1000  # of one submission; all processes of the machine share one range of thread ids


def main(control_fd: int, preload: list[str], later: list[str]) -> None:
    """Serve until the grader closes the control socket or ends.

    Args:
        preload: the libraries that every notebook needs.
        later: libraries that some notebooks need. They are imported, one at a time, when there is nothing else to do.
            A submission that needs one before then imports it itself.
    """
    gc.set_threshold(*COLLECT_AFTER)
    limits.adopt_orphans()
    control = socket.socket(fileno=control_fd)
    for name in preload:
        hooks.import_library(name)
    shell = make_shell()
    workers: set[int] = set()
    compiler = Compiler()
    while True:
        while not select.select([control], [], [], PATROL_SECONDS)[0]:
            _end_crowds(workers)
            if later:
                _import([later.pop(0)])
        try:
            request, fds = _receive_with_fds(control)
        except (wire.Closed, ConnectionError):
            break
        match request:
            case {"preload": tuple() as more}:
                importlib.invalidate_caches()  # links to these may be newer than the cached folder listings
                _import(more)
                wire.send(control, {"ready": True})
            case {"fork": dict() as settings, "compiler": dict() as of_the_compiler}:
                _assert_forkable()
                with socket.socket(fileno=fds[0]) as link, compiler.connect(of_the_compiler) as compiling:
                    try:
                        pid = os.fork()
                    except OSError as error:  # out of memory or process ids at this moment
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


def _import(names: Iterable[str]) -> None:
    """Import libraries whose objects stay in memory that the children share: a child's collector skips them."""
    for name in names:
        hooks.import_library(name)
    gc.collect()
    gc.freeze()


def _end(pid: int, *, at_once: bool) -> int:
    """Kill a child and its process group. Return its wait status.

    Args:
        at_once: kill it now; otherwise give it `GRACE_SECONDS` to end by itself.
    """
    deadline = time.monotonic() + (0 if at_once else GRACE_SECONDS)
    # Do not reap it yet: its process id must not be reused before the signals below are sent.
    while time.monotonic() < deadline and not os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        time.sleep(0.005)
    for kill in (os.killpg, os.kill):  # it may not have created its own group yet
        with contextlib.suppress(ProcessLookupError):
            kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


def _end_crowds(workers: set[int]) -> None:
    """Kill submissions with more than `MAX_THREADS` threads: the kernel's limit (RLIMIT_NPROC) does not bind root."""
    for pid in workers:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            inside = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()  # the process in the namespaces
            if any(Path(f"/proc/{process}/task").stat().st_nlink > MAX_THREADS for process in (pid, *inside)):
                os.kill(pid, signal.SIGKILL)


def _end_strays(workers: set[int | None]) -> None:
    """Kill what a submission left behind: the first process of its namespaces, and processes that left its group.

    Args:
        workers: the children that stay.
    """
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    for _ in range(SWEEPS):  # killing a process makes this process the parent of its children
        strays = {int(pid) for pid in children.read_text().split()} - workers
        if not strays:
            return
        for pid in strays:
            os.kill(pid, signal.SIGKILL)
        for pid in strays:  # do not block: the first process of a namespace ends only after all others there
            os.waitpid(pid, os.WNOHANG)
        time.sleep(0.001)


def _assert_forkable() -> None:
    threads = len(os.listdir("/proc/self/task"))  # noqa: PTH208 (a Path costs more than the fork's checks)
    if threads != 1:
        raise RuntimeError(f"the fork server has {threads} threads")
    bridge = sys.modules.get("jax._src.xla_bridge")
    if bridge and bridge._backends:
        raise RuntimeError("the fork server has started an XLA backend")


def _receive_with_fds(control: socket.socket) -> tuple[dict[str, Any], array]:
    """Receive a request, and the file descriptors that came with its first byte."""
    fds = array("i")
    mark, ancillary, _, _ = control.recvmsg(1, socket.CMSG_SPACE(fds.itemsize))
    if not mark:
        raise wire.Closed("the grader is gone")
    for level, kind, data in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
    return wire.receive(control, max_bytes=0), fds
