"""What the student's process may use, set after the fork and before the first student line."""

import itertools
import math
import os
import resource
import signal
import socket

from . import syscalls

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Become the parent of what a child leaves behind, so that it can be found and ended."""
    syscalls.call("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_with_parent() -> None:
    """Have the kernel end this process when its parent is gone, in whatever way."""
    syscalls.call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def close_all_but(*links: socket.socket) -> None:
    """Keep nothing open of what the parent had but these; what is standard is nothing from now on."""
    kept = sorted(link.fileno() for link in links)
    for before, after in itertools.pairwise((-1, *kept, 4096)):
        os.closerange(before + 1, after)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in range(3):
        if fd != null:
            os.dup2(null, fd)


def enter(*, total_cpu_seconds: int, memory_bytes: int, file_bytes: int) -> None:
    """Bind this process's resources, for good."""
    os.setsid()  # the whole group can be ended at once
    end_with_parent()  # no student code outlives the grader
    for kind, limit in {
        resource.RLIMIT_CPU: total_cpu_seconds,
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_FSIZE: file_bytes,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_MSGQUEUE: 0,
    }.items():
        resource.setrlimit(kind, (limit, limit))
    # A file that grows too large is an error to be told, not the end of the process.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


class OutOfTime(KeyboardInterrupt):
    """A cell has used its time. `clock` says which: processor time, or the time of the clock on the wall."""

    def __init__(self, clock: str) -> None:
        super().__init__(clock)
        self.clock = clock


def interrupt_after(*, cpu_seconds: float, wall_seconds: float) -> None:
    """Raise `OutOfTime` in the main thread after that time, and again each second until `interrupt_no_more`."""
    for number, timer, seconds in (
        (signal.SIGPROF, signal.ITIMER_PROF, cpu_seconds),
        (signal.SIGALRM, signal.ITIMER_REAL, wall_seconds),
    ):
        signal.signal(number, _interrupt)
        signal.setitimer(timer, seconds, 1)


def interrupt_no_more() -> None:
    """Undo `interrupt_after`."""
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_REAL, 0)


def _interrupt(number: int, frame: object) -> None:
    raise OutOfTime("cpu" if number == signal.SIGPROF else "wall")


def allow_cpu(seconds: float) -> None:
    """Let this process use so much more processor time; the kernel ends it after that (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = min(math.ceil(used.ru_utime + used.ru_stime + seconds), hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
