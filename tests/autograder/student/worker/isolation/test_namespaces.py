"""Namespaces without a sandbox: how a process inside ends, and which files it sees."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import paths
from autograder.sandbox import isolation
from autograder.student.worker.isolation import namespaces

PROBLEM = isolation.probe()["namespaces"]
pytestmark = pytest.mark.skipif(PROBLEM is not None, reason=f"no namespaces here: {PROBLEM}")

ENTER = """
import json, os, resource, signal, time
from pathlib import Path
from autograder.student.worker.isolation import namespaces
namespaces.enter(links=(os.dup(1),))
"""


def run(code: str, *args: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", ENTER + code.format(*args)],
        env={"PYTHONPATH": str(paths.ROOT), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("os._exit(0)", 0),
        ("os._exit(7)", 7),
        ("os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL),
        ("os.abort()", -signal.SIGABRT),
        ("resource.setrlimit(resource.RLIMIT_CORE, (0, 0))\nimport ctypes\nctypes.string_at(0)", -signal.SIGSEGV),
        ("resource.setrlimit(resource.RLIMIT_CPU, (1, 60))\nwhile True: pass", -signal.SIGXCPU),
    ],
)
def test_the_waiting_process_ends_with_the_status_of_the_inner_one(code, status):
    assert run(code).returncode == status


def test_only_bound_paths_are_visible(tmp_path):
    for name in ("library/kit/public", "library/numpy", "elsewhere", "root", "work"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "file").write_text(name)
    code = """
base = Path({0!r})
namespaces.change_root(
    base / "root",
    bound=[str(base / "library"), str(base / "library/kit/public"), "/dev/null"],
    covered=[str(base / "library/kit")],
    links=[(str(base / "link"), str(base / "library")), (str(base / "library/numpy"), "/nowhere")],
    work=base / "work",
    work_bytes=2**20,
)
def refused(do):
    try: do()
    except OSError as error: return error.strerror
print(json.dumps([
    sorted(map(str, base.rglob("*"))),
    sorted(str(path) for path in Path("/").iterdir()),
    (base / "link/numpy/file").read_text(),
    str(Path.cwd()),
    refused((base / "library/new").touch),
    refused((base / "library/numpy/file").unlink),
    refused((base / "new").touch),
    refused((base / "library/kit/new").touch),
    refused(lambda: Path("/proc/sys/kernel/hostname").write_text("a")),
    refused((base / "work/new").touch),
]))
"""
    done = run(code, str(tmp_path))
    assert done.returncode == 0, done.stderr
    files, top, linked, cwd, *refused = json.loads(done.stdout)
    assert files == [
        str(tmp_path / name)
        for name in (
            *("library", "library/file", "library/kit", "library/kit/public", "library/kit/public/file"),
            *("library/numpy", "library/numpy/file", "link", "work", "work/file"),
        )
        if (tmp_path / name).exists() or name == "link"
    ]
    assert top == sorted(["/dev", "/proc", f"/{tmp_path.parts[1]}"])
    assert linked == "library/numpy"
    assert cwd == str(tmp_path / "work")
    in_memory = tmp_path.is_relative_to(namespaces.TEMPORARY)
    only_read = "Read-only file system"
    assert refused == [only_read, only_read, None if in_memory else only_read, only_read, only_read, None]
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "work/new").exists()


def test_the_process_has_its_own_network_and_host_name():
    done = run("import socket\nprint(json.dumps([socket.gethostname(), socket.if_nameindex(), os.getpid()]))")
    name, interfaces, pid = json.loads(done.stdout)
    assert (name, pid) == ("student", 2)
    assert [name for _, name in interfaces if not name.startswith(("tunl", "sit", "gre", "ip", "erspan"))] == ["lo"]


def test_all_processes_end_with_the_waiting_process():
    code = "print(os.readlink('/proc/self'), flush=True)\nos.close(1)\ntime.sleep(600)"
    with subprocess.Popen(
        [sys.executable, "-c", ENTER + code],
        env={"PYTHONPATH": str(paths.ROOT), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        text=True,
    ) as waiting:
        assert waiting.stdout is not None
        inside = Path("/proc") / waiting.stdout.readline().strip()
        assert inside.exists()
        waiting.kill()
        waiting.wait()
        for _ in range(1000):
            if not inside.exists() or ") Z" in (inside / "stat").read_text():
                return
    pytest.fail("it is still there")
