import os
from pathlib import Path

import psutil
import pytest

from autograder import machine


@pytest.fixture
def groups(tmp_path, monkeypatch):
    """A process in control groups with these files; the first line of each is its own line in /proc."""

    def make(own: str, **files: dict[str, str]) -> None:
        (tmp_path / "own").write_text(own)
        for folder, contents in files.items():
            for name, text in contents.items():
                path = tmp_path / "fs" / folder.replace("__", "/") / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)

    monkeypatch.setattr(machine, "OWN", tmp_path / "own")
    monkeypatch.setattr(machine, "MOUNTED", tmp_path / "fs")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    monkeypatch.setattr(psutil, "virtual_memory", lambda: type("", (), {"available": 10_000}))
    return make


def test_without_control_groups_the_whole_machine_is_available(groups):
    assert (machine.cores(), machine.available_memory()) == (8, 10_000)


def test_the_tightest_group_counts_in_version_2(groups):
    idle = "anon 300\ninactive_file 50\n"
    groups(
        "0::/slice/job\n",
        slice={"cpu.max": "250000 100000\n", "memory.max": "900", "memory.current": "800", "memory.stat": idle},
        slice__job={"cpu.max": "max 100000\n", "memory.max": "max", "memory.current": "200", "memory.stat": idle},
    )

    assert (machine.cores(), machine.available_memory()) == (3, 900 - 800 + 50)


def test_the_tightest_group_counts_in_version_1(groups):
    files = ("memory.limit_in_bytes", "memory.usage_in_bytes", "memory.stat")
    groups(
        "5:cpu,cpuacct:/job\n4:memory:/job\n0::/\n",
        cpu__job={"cpu.cfs_quota_us": "150000\n", "cpu.cfs_period_us": "100000\n"},
        cpu={"cpu.cfs_quota_us": "-1\n", "cpu.cfs_period_us": "100000\n"},
        memory__job=dict(zip(files, ("700", "600", "total_inactive_file 20\n"), strict=True)),
        memory=dict(zip(files, ("9223372036854771712", "5000", "total_inactive_file 0\n"), strict=True)),
    )

    assert (machine.cores(), machine.available_memory()) == (2, 700 - 600 + 20)


def test_mappings_are_counted(tmp_path, monkeypatch):
    monkeypatch.setattr(machine, "MAPS", tmp_path / "maps")
    assert machine.mappings() == 0

    (tmp_path / "maps").write_text("one\ntwo\n")
    assert machine.mappings() == 2


def test_this_machine_has_cores_and_memory():
    assert 1 <= machine.cores() <= (os.cpu_count() or 1)
    assert machine.available_memory() > 0
    assert Path("/proc/self").exists() == bool(list(machine._groups("memory")))
