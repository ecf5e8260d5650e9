import signal
import subprocess
import sys
from pathlib import Path

import pytest

import autograder

MIB = 2**20
ENTER = f"""
import os, resource, signal, sys
from autograder.student.worker import limits
limits.enter(total_cpu_seconds=60, memory_bytes={512 * MIB}, file_bytes={MIB})
"""


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Code in a process of its own, bound by the limits."""
    root = Path(autograder.__file__).parent.parent
    return subprocess.run(
        [sys.executable, "-c", ENTER + code],
        cwd=folder,
        env={"PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=300,
    )


def test_the_process_leads_a_session_of_its_own(tmp_path):
    done = run("print(os.getsid(0) == os.getpid() == os.getpgid(0))", tmp_path)
    assert done.stdout == "True\n", done.stderr


def test_memory_is_bounded(tmp_path):
    done = run(f"try: bytearray({1024 * MIB})\nexcept MemoryError: print('refused')", tmp_path)
    assert done.stdout == "refused\n", done.stderr


def test_a_file_that_grows_too_large_is_an_error_and_not_the_end(tmp_path):
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
def test_what_is_not_needed_is_bounded(name, value, tmp_path):
    done = run(f"print(resource.getrlimit(resource.{name}))", tmp_path)
    assert done.stdout == f"({value}, {value})\n", done.stderr


def test_the_kernel_ends_what_uses_more_processor_time_than_allowed(tmp_path):
    assert run("limits.allow_cpu(1)\nwhile True: pass", tmp_path).returncode == -signal.SIGXCPU


def test_time_is_allowed_on_top_of_what_was_used_up_to_the_total(tmp_path):
    code = """
import time
while time.process_time() < 1.1: pass
limits.allow_cpu(3)
print(resource.getrlimit(resource.RLIMIT_CPU))
limits.allow_cpu(1000)
print(resource.getrlimit(resource.RLIMIT_CPU))
"""
    assert run(code, tmp_path).stdout == "(5, 60)\n(60, 60)\n"
