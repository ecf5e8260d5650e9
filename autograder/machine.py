"""The CPU cores and the memory that this process may use, within the limits of its control groups.

A container, a batch job or a service has a share of its machine. The kernel enforces it, and the machine's own figures
do not show it. <https://docs.kernel.org/admin-guide/cgroup-v2.html>, and `cgroup-v1` there for older systems.
"""

import math
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

OWN = Path("/proc/self/cgroup")
MAPS = Path("/proc/self/maps")
MOUNTED = Path("/sys/fs/cgroup")


def cores() -> int:
    """How many cores this process may use; a fraction of a core counts as one."""
    # Not every system can say which cores a process may use.
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min([ours, *map(math.ceil, _shares())])


def available_memory() -> int:
    """How many bytes of memory are free for this process now."""
    return min([psutil.virtual_memory().available, *_left()])


def mappings() -> int:
    """How many memory mappings this process has; 0 if the system does not say."""
    with suppress(OSError):
        return MAPS.read_bytes().count(b"\n")
    return 0


def _shares() -> Iterator[float]:
    """The CPU limit of each control group, in cores."""
    for group in _groups("cpu"):
        with suppress(OSError, ValueError):
            quota, period = _read(group / "cpu.max").split()
            yield int(quota) / int(period)
        with suppress(OSError, ValueError):
            quota, period = (int(_read(group / f"cpu.cfs_{name}_us")) for name in ("quota", "period"))
            if quota > 0:
                yield quota / period


def _left() -> Iterator[int]:
    """The memory that each control group has left, in bytes. Cached files that are not in use count as free."""
    for group in _groups("memory"):
        for limit, used, idle in (
            ("memory.max", "memory.current", "inactive_file"),
            ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
        ):
            with suppress(OSError, ValueError):  # the file does not exist, or contains "max"
                figures = dict(line.split() for line in _read(group / "memory.stat").splitlines())
                yield int(_read(group / limit)) - int(_read(group / used)) + int(figures.get(idle, 0))


def _groups(controller: str) -> Iterator[Path]:
    """The folders of this process's control groups, from the innermost outwards."""
    with suppress(OSError):
        for line in _read(OWN).splitlines():
            _, controllers, path = line.split(":", 2)
            if controllers and controller not in controllers.split(","):
                continue
            # Version 1 has one tree for each controller, version 2 one tree for all.
            root = MOUNTED / controller if controllers else MOUNTED
            own = root / path.lstrip("/")
            yield from (group for group in (own, *own.parents) if group.is_relative_to(root))


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii").strip()
