"""Measure the cost of a command: processor time and memory of the command and all its descendants, while they run.

The speed of a machine that shares its processors with others varies. Where these benchmarks were written, the same loop
takes from 1.25 to 2.4 processor seconds, and this changes within seconds. So the speed (the pace) is measured at every
look, and processor seconds can be converted to those of a machine with a constant pace.
"""

import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

LOOK_SECONDS = 0.5
MEMORY_LOOKS = 4  # memory is measured at every fourth look: the kernel stops a process while it counts its memory
STEPS = 200_000  # steps of the loop that measures the pace: a few milliseconds
PACE = 50e6  # steps per processor second at the constant pace


@dataclass(frozen=True, kw_only=True)
class Watched:
    """The cost of a command that has ended.

    Memory is the proportional set size, if the kernel tells it: the memory that a process has alone, plus its share of
    memory that it shares with others. It is the largest of all looks: of the command itself, of its descendants
    together, and of all. `pace` is the machine's mean pace over the looks, as a share of `PACE`.
    """

    seconds: float
    processor_seconds: float
    pace: float
    own_mb: float
    descendants_mb: float
    together_mb: float
    exit_status: int
    printed: str

    @property
    def steady_seconds(self) -> float:
        """The processor seconds that the command would have taken at `PACE`."""
        return round(self.processor_seconds * self.pace, 2)


def watch(
    command: Sequence[str | Path], *, cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> Watched:
    """Run a command, and measure its cost until it ends."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=output, stderr=output)
        most, paces = (0.0, 0.0, 0.0), [pace()]
        while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
            if len(paces) % MEMORY_LOOKS == 2:  # not the first look, when little is running yet
                own, descendants = _memory(process.pid)
                most = tuple(map(max, most, (own, descendants, own + descendants)))
            paces.append(pace())
            time.sleep(LOOK_SECONDS)
        _, status, usage = ended
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read().decode(errors="replace")
    own, descendants, together = most
    return Watched(
        seconds=round(time.monotonic() - started, 2),
        processor_seconds=round(usage.ru_utime + usage.ru_stime, 2),
        pace=round(statistics.fmean(paces), 3),
        own_mb=round(own),
        descendants_mb=round(descendants),
        together_mb=round(together),
        exit_status=process.returncode,
        printed=printed,
    )


def use_one_core() -> None:
    """Run this process and all its descendants on one core: cores may differ in speed."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def pace() -> float:
    """The pace of the machine at this moment, as a share of `PACE`."""
    started = time.thread_time()
    for _ in range(STEPS):
        pass
    return STEPS / (time.thread_time() - started) / PACE


def _memory(pid: int) -> tuple[float, float]:
    """The memory of a process, and of its descendants together, in MB."""
    try:
        process = psutil.Process(pid)
        return _own_mb(process), sum(map(_own_mb, process.children(recursive=True)))
    except psutil.NoSuchProcess:
        return 0.0, 0.0


def _own_mb(process: psutil.Process) -> float:
    try:
        found = process.memory_full_info()
    except psutil.Error:  # the process has just ended, or belongs to another user
        return 0.0
    return getattr(found, "pss", found.uss) / 2**20
