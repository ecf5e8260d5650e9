"""What a command takes: it and all its descendants are watched while they run."""

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

LOOK_SECONDS = 0.5


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A command that has ended.

    Memory is what a process has for itself, and its part of what several share (proportional set size, where the kernel
    tells), the highest of all looks: of the command itself, of its descendants together, and of all.
    """

    seconds: float
    processor_seconds: float
    own_mb: float
    descendants_mb: float
    together_mb: float
    exit_status: int
    printed: str


def watch(
    command: Sequence[str | Path], *, cwd: Path | None = None, environment: Mapping[str, str] | None = None
) -> Watched:
    """Run a command to its end."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=output, stderr=output)
        most = (0.0, 0.0, 0.0)
        while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
            own, descendants = _memory(process.pid)
            most = tuple(map(max, most, (own, descendants, own + descendants)))
            time.sleep(LOOK_SECONDS)
        _, status, usage = ended
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read().decode(errors="replace")
    own, descendants, together = most
    return Watched(
        seconds=round(time.monotonic() - started, 2),
        processor_seconds=round(usage.ru_utime + usage.ru_stime, 2),
        own_mb=round(own),
        descendants_mb=round(descendants),
        together_mb=round(together),
        exit_status=process.returncode,
        printed=printed,
    )


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
