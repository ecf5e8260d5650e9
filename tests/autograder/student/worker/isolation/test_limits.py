import signal
import subprocess
import sys
from pathlib import Path

import pytest

import autograder

MIB = 2**20
ENTER = f"""
import os, resource, signal, sys
from autograder.student.worker.isolation import limits
limits.enter(total_cpu_seconds=60, memory_bytes={512 * MIB}, file_bytes={MIB})
"""


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run code in a process with these limits."""
    root = Path(autograder.__file__).parent.parent
    return subprocess.run(
        [sys.executable, "-c", ENTER + code],
        cwd=folder,
        env={"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_the_process_leads_its_own_session(tmp_path):
    done = run("print(os.getsid(0) == os.getpid() == os.getpgid(0))", tmp_path)
    assert done.stdout == "True\n", done.stderr


def test_memory_is_limited(tmp_path):
    done = run(f"try: bytearray({1024 * MIB})\nexcept MemoryError: print('refused')", tmp_path)
    assert done.stdout == "refused\n", done.stderr


def test_a_file_that_grows_too_large_raises_an_error(tmp_path):
    code = f"""
try:
    with open('large', 'wb') as file: file.write(bytes({2 * MIB}))
except OSError as error: print(error.strerror)
"""
    assert run(code, tmp_path).stdout == "File too large\n"
    assert (tmp_path / "large").stat().st_size == MIB


@pytest.mark.parametrize(
    ("name", "value"), [("RLIMIT_CORE", 0), ("RLIMIT_NOFILE", 256), ("RLIMIT_MEMLOCK", 0), ("RLIMIT_MSGQUEUE", 0)]
)
def test_resources_that_a_notebook_does_not_need_are_limited(name, value, tmp_path):
    done = run(f"print(resource.getrlimit(resource.{name}))", tmp_path)
    assert done.stdout == f"({value}, {value})\n", done.stderr


def test_the_kernel_ends_a_process_that_uses_too_much_time(tmp_path):
    assert run("limits.allow_cpu(1)\nwhile True: pass", tmp_path).returncode == -signal.SIGXCPU


def test_allowed_time_is_added_to_the_used_time_up_to_the_total(tmp_path):
    code = """
import time
while time.process_time() < 1.1: pass
limits.allow_cpu(3)
print(resource.getrlimit(resource.RLIMIT_CPU))
limits.allow_cpu(1000)
print(resource.getrlimit(resource.RLIMIT_CPU))
"""
    assert run(code, tmp_path).stdout == "(5, 60)\n(60, 60)\n"
