"""The CPU cores and the memory that this process may use, within the limits of its control groups (cgroups).

The kernel limits a container, a batch job or a service to a share of the machine. The figures for the whole machine do
not show this limit. See <https://docs.kernel.org/admin-guide/cgroup-v2.html>; older systems have `cgroup-v1`.
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
    """The number of cores that this process may use; fractions are rounded up."""
    # Not every system can say which cores a process may use.
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min([ours, *map(math.ceil, _shares())])


def available_memory() -> int:
    """The memory that is free for this process now, in bytes."""
    return min([psutil.virtual_memory().available, *_left()])


def mappings() -> int:
    """The number of memory mappings of this process; 0 if the system does not tell."""
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
