"""What a command takes: it and all its descendants are watched while they run.

A machine that shares its processors with others runs now fast, now slowly: where these benchmarks were written, the
same loop takes 1.25 processor seconds or 2.4, and that changes within seconds. So the pace is taken at every look, and
processor seconds can be told as those of a machine that keeps one.
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
MEMORY_LOOKS = 4  # one in so many is at memory too: the kernel goes through all of it, and holds up whose it is
STEPS = 200_000  # of the loop that the pace is taken with: a few milliseconds
PACE = 50e6  # steps in a processor second


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A command that has ended.

    Memory is what a process has for itself, and its part of what several share (proportional set size, where the kernel
    tells), the highest of all looks: of the command itself, of its descendants together, and of all. `pace` is that of
    the machine meanwhile: the mean over the looks, as a share of `PACE`.
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
        """The processor seconds that it would have taken at `PACE`."""
        return round(self.processor_seconds * self.pace, 2)


def watch(
    command: Sequence[str | Path], *, cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> Watched:
    """Run a command to its end."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=output, stderr=output)
        most, paces = (0.0, 0.0, 0.0), [_pace()]
        while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
            if len(paces) % MEMORY_LOOKS == 2:  # nothing is there yet at the first look
                own, descendants = _memory(process.pid)
                most = tuple(map(max, most, (own, descendants, own + descendants)))
            paces.append(_pace())
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


def _pace() -> float:
    """How fast the machine is at this moment, as a share of `PACE`."""
    started = time.thread_time()
    for _ in range(STEPS):
        pass
    return STEPS / (time.thread_time() - started) / PACE


def _memory(pid: int) -> tuple[float, float]:
    """What a process has, and what its descendants have together (MB)."""
    try:
        process = psutil.Process(pid)
        return _own_mb(process), sum(map(_own_mb, process.children(recursive=True)))
    except psutil.NoSuchProcess:
        return 0.0, 0.0


def _own_mb(process: psutil.Process) -> float:
    try:
        found = process.memory_full_info()
    except psutil.Error:  # it has just ended, or is not ours to look into
        return 0.0
    return getattr(found, "pss", found.uss) / 2**20
