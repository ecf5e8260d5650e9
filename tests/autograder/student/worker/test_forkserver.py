import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

import autograder
from autograder.student.worker import forkserver

# A grader with one submission, whose code has left a process behind that has left its process group.
GRADER = """
import sys, time
from pathlib import Path
from autograder.sandbox.sandbox import Sandbox

with Sandbox(bundle=Path(sys.argv[1]), isolation="none", unsafe=True) as sandbox, sandbox.start() as worker:
    reply = worker.run_cell('''
import os, time
stray = os.fork()
if stray == 0:
    os.setsid()
    time.sleep(600)
print(os.getpid(), stray)
''')
    print(sandbox.server.pid, reply.output.split()[-2], reply.output.split()[-1], flush=True)
    sys.stdin.read()
"""


def running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def all_end(pids: list[int], seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while any(map(running, pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not any(map(running, pids))


# The same at the strongest level, where only the submission itself knows the ids of its processes.
ISOLATED_GRADER = """
import sys, time
from pathlib import Path
from autograder.sandbox.sandbox import Sandbox

with Sandbox(bundle=Path(sys.argv[1])) as sandbox, sandbox.start() as worker:
    def descendants(pid):
        for child in map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split()):
            yield child
            yield from descendants(child)
    print(sandbox.server.pid, *descendants(sandbox.server.pid), flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize(
    "code", [pytest.param(GRADER, id="none", marks=pytest.mark.long), pytest.param(ISOLATED_GRADER, id="strongest")]
)
@pytest.mark.parametrize(
    "end",
    [
        pytest.param(signal.SIGKILL, id="killed"),
        pytest.param(signal.SIGINT, id="interrupted", marks=pytest.mark.long),
        pytest.param(None, id="closed", marks=pytest.mark.long),
    ],
)
def test_no_process_outlives_the_grader(end, code, tmp_path):
    bundle, scratch = tmp_path / "bundle", tmp_path / "scratch"
    bundle.mkdir()
    scratch.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", code, str(bundle)],
        # A grader that is killed cannot tidy up its temporary files.
        env={"PYTHONPATH": str(Path(autograder.__file__).parent.parent), "TMPDIR": str(scratch)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as grader:
        assert grader.stdout is not None
        pids = [int(pid) for pid in grader.stdout.readline().split()]
        assert len(pids) >= (3 if code == GRADER else 2)
        assert all(map(running, pids))
        if end:
            grader.send_signal(end)
        grader.communicate("", timeout=300)
        assert all_end(pids)


def test_a_fork_server_with_a_second_thread_does_not_fork():
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        with pytest.raises(RuntimeError, match="threads"):
            forkserver._assert_forkable()
    finally:
        done.set()
        thread.join()


def test_a_fork_server_with_a_backend_does_not_fork(monkeypatch):
    monkeypatch.setattr(os, "listdir", lambda _: ["1"])
    bridge = SimpleNamespace(_backends={})
    monkeypatch.setitem(sys.modules, "jax._src.xla_bridge", bridge)
    forkserver._assert_forkable()
    bridge._backends["cpu"] = object()
    with pytest.raises(RuntimeError, match="XLA backend"):
        forkserver._assert_forkable()
