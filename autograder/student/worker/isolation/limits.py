"""Resource limits of a student's process, set after the fork and before the first line of student code runs."""

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
    """Become the parent of processes that a child leaves behind, so that they can be found and killed."""
    syscalls.call("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_with_parent() -> None:
    """Let the kernel kill this process when its parent has ended, for any reason."""
    syscalls.call("prctl", PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def close_all_but(*links: socket.socket) -> None:
    """Close all inherited file descriptors except `links`. Redirect stdin, stdout and stderr to /dev/null."""
    kept = sorted(link.fileno() for link in links)
    for before, after in itertools.pairwise((-1, *kept, 4096)):
        os.closerange(before + 1, after)
    null = os.open(os.devnull, os.O_RDWR)
    for fd in range(3):
        if fd != null:
            os.dup2(null, fd)


def enter(*, total_cpu_seconds: int, memory_bytes: int, file_bytes: int) -> None:
    """Limit the resources of this process. The limits cannot be raised again.

    Args:
        total_cpu_seconds: processor time of the process.
        memory_bytes: address space of the process.
        file_bytes: size of the largest file that it may write.
    """
    os.setsid()  # so that the whole process group can be killed at once
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
    # Writing too large a file raises an error in Python instead of ending the process.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


class OutOfTime(KeyboardInterrupt):
    """A cell has used its time.

    Attributes:
        clock: "cpu" for processor time, "wall" for wall-clock time.
    """

    def __init__(self, clock: str) -> None:
        super().__init__(clock)
        self.clock = clock


def interrupt_after(*, cpu_seconds: float, wall_seconds: float) -> None:
    """Raise `OutOfTime` in the main thread after either time, and again each second until `interrupt_no_more`."""
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
    """Let this process use this many more seconds of processor time. Then the kernel ends it (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = min(math.ceil(used.ru_utime + used.ru_stime + seconds), hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))
