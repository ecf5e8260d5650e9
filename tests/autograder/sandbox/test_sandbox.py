from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder.errors import IsolationError, SandboxError
from autograder.limits import Limits
from autograder.sandbox import sandbox as sandbox_module
from autograder.sandbox.outcomes import Ran
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.visible_files import Readable
from autograder.sandbox.worker import Worker
from autograder.student.selfcheck.outcomes import Failure, Returned

LIMITS = Limits(cell_seconds=4, reply_bytes=2**20, file_bytes=2**20, output_bytes=1000)
KILLED = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundle")
    (folder / "data.csv").write_text("1,2,3\n")
    (folder / "em.ipynb").write_text("{}")
    return folder


@pytest.fixture(scope="module")
def sandbox(bundle, sandbox_of):
    return sandbox_of(bundle, LIMITS)


@pytest.fixture
def worker(sandbox):
    with sandbox.start() as worker:
        yield worker


def call(worker: Worker, body: str, *, cpu_seconds: int = 5) -> Returned | Failure:
    """The outcome of a call of a function with this body."""
    lines = "\n    ".join(body.splitlines())
    defined = worker.run_cell(f"import os, signal, time, ctypes\nimport numpy as np\ndef f():\n    {lines}")
    assert isinstance(defined, Ran), defined
    return worker.call("f", (), cpu_seconds=cpu_seconds)


def printed(worker: Worker, source: str) -> str:
    reply = worker.run_cell(source)
    assert isinstance(reply, Ran), reply
    assert not reply.failures
    return reply.output.strip()


def works(worker: Worker) -> bool:
    reply = call(worker, "return np.arange(3)")
    return isinstance(reply, Returned) and np.array_equal(np.asarray(reply.value), [0, 1, 2])


# Failures, and their messages.


@pytest.mark.parametrize(
    ("body", "kind", "summary"),
    [
        ("raise NotImplementedError", "not_implemented", "is not written yet"),
        ("raise ValueError('the secret is 42')", "raised", "raised ValueError"),
        ("raise type('Secret42', (Exception,), {})", "raised", "raised an exception"),
        ("return 1 / 0", "raised", "raised ZeroDivisionError"),
        ("raise SystemExit", "raised", "raised SystemExit"),
        ("return np.zeros(10**11)", "memory", "raised MemoryError"),
        ("import jax.numpy as jnp\nreturn jnp.zeros(10**10)", "memory", "raised an exception"),
    ],
)
def test_a_call_that_fails_leaves_the_worker(worker, body, kind, summary):
    failure = call(worker, body)
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.summary, failure.fatal) == (kind, summary, False)
    assert works(worker)


def test_calling_a_name_that_is_not_a_function_fails(worker):
    printed(worker, "number = 3")
    missing = worker.call("nothing", (), cpu_seconds=5)
    assert missing == Failure("missing", "is not defined", "is not defined", False)
    not_callable = worker.call("number", (), cpu_seconds=5)
    assert not_callable == Failure("not_callable", "is not a function", "is not a function but of type int", False)


def test_a_detail_has_message_and_line_and_the_summary_has_neither(worker):
    failure = call(worker, "raise ValueError('the secret is 42')")
    assert isinstance(failure, Failure)
    line = "line 4: raise ValueError('the secret is 42')"
    assert failure.detail == f"raised ValueError: the secret is 42 (at {line})"
    assert "42" not in failure.summary


@pytest.mark.parametrize(
    ("body", "kind", "summary"),
    [
        ("while True: pass", "cpu", "used more than 1 seconds of processor time"),
        ("time.sleep(10**6)", "wall", "did not end within 2 seconds"),
        pytest.param(
            "signal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass",
            "wall",
            "did not end within 2 seconds",
            marks=pytest.mark.long,
        ),
        ("os._exit(0)", "crashed", "ended the process"),
        (KILLED, "crashed", "ended the process (SIGKILL)"),
        ("ctypes.string_at(0)", "crashed", "ended the process (SIGSEGV)"),
        ("os.abort()", "crashed", "ended the process (SIGABRT)"),
        ("os.kill(os.getpid(), 40)", "crashed", "ended the process (signal 40)"),
        ("return np.zeros(2**20)", "too_large", "returned more than 1 MB"),
    ],
)
def test_a_call_that_ends_its_worker_fails_and_harms_no_other_worker(sandbox, worker, body, kind, summary):
    with sandbox.start() as beside:
        if kind in ("cpu", "wall"):  # on a busy machine, the other limit must not be reached first
            worker._limits = replace(LIMITS, wall_factor=2 if kind == "wall" else 60)
        failure = call(worker, body, cpu_seconds=1)
        assert isinstance(failure, Failure)
        assert (failure.kind, failure.summary, failure.fatal) == (kind, summary, True)
        assert works(beside)
    with sandbox.start() as after:
        assert works(after)
    with pytest.raises(RuntimeError, match="has ended"):
        worker.run_cell("1")


def test_a_process_with_too_many_threads_is_killed(worker):
    body = "import threading\nthreading.stack_size(2**15)\n"
    body += "while True: threading.Thread(target=time.sleep, args=(600,), daemon=True).start()"
    failure = call(worker, body, cpu_seconds=60)
    assert isinstance(failure, Failure)
    assert (failure.kind, failure.summary) == ("crashed", "ended the process (SIGKILL)")


def test_a_folder_of_any_depth_is_removed(sandbox):
    """Deeper than Python can recurse, and with more folders than a process may open."""
    with sandbox.start() as worker:
        folder = worker._folder
        printed(worker, "import os\nfor _ in range(1500):\n    os.mkdir('d')\n    os.chdir('d')")
    assert not folder.exists()


@pytest.mark.parametrize(("cell", "kind"), [("while True: pass", "cpu"), ("import time; time.sleep(999)", "wall")])
def test_a_cell_that_does_not_end_is_interrupted_and_keeps_its_names(sandbox, cell, kind):
    with sandbox.start() as worker:
        worker._limits = replace(LIMITS, cell_seconds=1, wall_factor=2 if kind == "wall" else 60)
        outcome = worker.run_cell(f"def f(): return 1\n{cell}\ndef g(): return 2")
        assert isinstance(outcome, Ran)
        assert [(failure.kind, failure.fatal) for failure in outcome.failures] == [(kind, False)]
        for name, value in (("f", 1), ("g", 2)):
            reply = worker.call(name, (), cpu_seconds=2)
            assert isinstance(reply, Returned)
            assert np.asarray(reply.value) == value


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPROF})\nwhile True: pass", "cpu"),
        ("import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})\ntime.sleep(999)", "wall"),
    ],
)
def test_a_cell_that_cannot_be_interrupted_is_killed(sandbox, cell, kind):
    with sandbox.start() as worker:
        worker._limits = replace(LIMITS, cell_seconds=1, wall_factor=2 if kind == "wall" else 60)
        failure = worker.run_cell(cell)
        assert isinstance(failure, Failure)
        assert (failure.kind, failure.fatal) == (kind, True)


@pytest.mark.parametrize(
    "frame",
    [
        "bytes(100)",
        "b'\\xff' * 4 + bytes(8)",
        "wire.encode({'value': 5})",
        "wire.encode({'value': Key(1)})",
        "wire.encode({'kind': 'full marks'})",
        "wire.encode({'kind': 'raised', 'type': ()})",
    ],
)
def test_forged_bytes_become_a_failure(worker, frame):
    failure = call(
        worker,
        "from kit_student.worker import wire\n"
        "from kit_student.selfcheck.values import Key\n"
        "for fd in map(int, os.listdir('/proc/self/fd')):\n"
        f"    if fd > 2 and 'socket' in os.readlink(f'/proc/self/fd/{{fd}}'): os.write(fd, {frame})\n",
    )
    assert isinstance(failure, Failure)
    assert failure.kind == ("too_large" if "xff" in frame else "protocol")
    assert failure.fatal


def test_a_value_that_cannot_be_sent_is_the_graders_error(worker):
    with pytest.raises(TypeError, match="cannot send"):
        worker.call("f", (object(),), cpu_seconds=5)
    assert works(worker)


# Printed output.


def test_printed_text_is_returned_up_to_a_limit(worker):
    assert printed(worker, "print('seen'); import sys; print('too', file=sys.stderr)") == "seen\ntoo"
    assert printed(worker, "for _ in range(10**5): print('x')") == "\n".join("x" * 500)
    assert printed(worker, "print('y' * 10**8)") == "y" * 1000
    assert works(worker)


def test_output_written_to_the_descriptors_is_dropped(worker, capfd):
    assert printed(worker, "import os\nos.write(1, b'x' * 10**6)\nos.write(2, b'x' * 10**6);") == "1000000"
    assert capfd.readouterr() == ("", "")


def test_control_characters_are_replaced(worker):
    assert printed(worker, "print('\\x1b[2J\\x00\\u202e')") == "�[2J��"


# The files and modules that the student's process sees.


def test_the_bundle_is_the_working_directory_without_notebooks(worker):
    assert printed(worker, "import os\nprint(os.listdir(), open('data.csv').read())") == "['data.csv'] 1,2,3"


def test_a_submission_does_not_see_the_files_of_another(sandbox, bundle):
    with sandbox.start() as first, sandbox.start() as second:
        printed(first, "open('answer.txt', 'w').write('mine')\nopen('data.csv', 'w').write('changed')")
        assert printed(second, "import os\nprint(os.listdir(), open('data.csv').read())") == "['data.csv'] 1,2,3"
    assert (bundle / "data.csv").read_text() == "1,2,3\n"


@pytest.mark.parametrize("name", ["autograder", "reference", "assignments", "tests"])
def test_the_kit_cannot_be_imported(worker, name):
    outcome = worker.run_cell(f"import {name}")
    assert isinstance(outcome, Ran)
    (failure,) = outcome.failures
    assert failure.detail.startswith(f"raised ModuleNotFoundError: No module named '{name}'")


def test_modules_and_environment_reveal_nothing_of_the_grader(worker, monkeypatch):
    modules = printed(
        worker, "import sys\nprint([m for m in sys.modules if m.split('.')[0] in ('autograder', 'reference')])"
    )
    assert modules == "[]"
    names = printed(worker, "print(*open('/proc/self/environ').read().split('\\0'))")
    assert "PWD" not in names
    assert "PYTEST" not in names


def test_the_self_check_and_the_libraries_can_be_imported(worker):
    printed(worker, "from selfcheck import Checks\nimport jax, numpy, scipy.stats, matplotlib.pyplot")


def test_a_fork_starts_with_one_thread_and_no_backend(worker):
    assert printed(worker, "import os\nprint(len(os.listdir('/proc/self/task')))") == "1"
    assert printed(worker, "from jax._src import xla_bridge\nprint(len(xla_bridge._backends))") == "0"


def test_a_submission_has_its_own_home_and_temporary_folder(worker):
    source = (
        "import os, tempfile\nprint({os.getcwd(), tempfile.gettempdir(), os.path.expanduser('~')} == {os.getcwd()})"
    )
    assert printed(worker, source) == "True"


# Levels of isolation.


def problems(*broken: str) -> dict[str, str | None]:
    return {name: "refused" if name in broken else None for name in ("landlock", "seccomp", "namespaces")}


@pytest.mark.parametrize(
    ("broken", "isolation", "unsafe", "level"),
    [
        ((), None, False, "namespaces"),
        ((), None, True, "namespaces"),
        ((), "landlock", False, "landlock"),
        ((), "none", True, "none"),
        (("namespaces",), None, False, "landlock"),
        (("landlock",), None, True, "none"),
    ],
)
def test_the_level_is_the_wanted_or_the_strongest(monkeypatch, broken, isolation, unsafe, level):
    monkeypatch.setattr(sandbox_module, "probe", lambda: problems(*broken))
    assert sandbox_module._level(isolation, unsafe=unsafe) == level


@pytest.mark.parametrize(
    ("broken", "options", "says"),
    [
        (("landlock",), {}, "it could read the solutions"),
        (("seccomp",), {}, "autograder doctor"),
        ((), {"isolation": "none"}, "--unsafe"),
        (("namespaces",), {"isolation": "namespaces"}, "isolation by namespaces does not work.*autograder doctor"),
        (("landlock",), {"isolation": "landlock", "unsafe": True}, "isolation by landlock does not work"),
    ],
)
def test_less_isolation_than_wanted_is_refused(monkeypatch, bundle, broken, options, says):
    monkeypatch.setattr(sandbox_module, "probe", lambda: problems(*broken))
    with pytest.raises(IsolationError, match=says):
        Sandbox(bundle=bundle, **options)


def test_a_fork_that_fails_is_the_graders_error(sandbox, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(sandbox.server, "_ask", lambda *_: {"refused": "Resource temporarily unavailable"})
        with pytest.raises(SandboxError, match=r"could not start a process.*temporarily unavailable"):
            sandbox.start()
    with sandbox.start() as worker:
        assert works(worker)


def test_a_process_that_cannot_be_isolated_is_the_graders_error(sandbox, monkeypatch):
    nowhere = Path("/nowhere")
    monkeypatch.setattr(sandbox.server, "readable", Readable(whole=(nowhere,), bound=(nowhere,)))
    with pytest.raises(SandboxError, match="could not be isolated: FileNotFoundError"):
        sandbox.start()


# Processes and files that are left behind.


def test_no_process_and_no_file_is_left_even_if_forks_are_allowed(bundle):
    with Sandbox(bundle=bundle, isolation="none", unsafe=True) as sandbox:
        leave_processes(sandbox.start())


def leave_processes(worker: Worker) -> None:
    source = (
        "import os, time\ninside = os.fork()\nif inside == 0: time.sleep(600)\n"
        "outside = os.fork()\nif outside == 0:\n    os.setsid()\n    time.sleep(600)\n"
        "print(os.getpid(), inside, outside, os.getcwd())"
    )
    *pids, folder = printed(worker, source).split()[-4:]
    assert all(Path(f"/proc/{pid}").exists() for pid in pids)
    worker.close()
    worker.close()  # closing twice is allowed
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
    assert not Path(folder).exists()


def test_submissions_run_in_parallel_in_threads(sandbox):
    def run(number: int) -> bool:
        with sandbox.start() as worker:
            if number % 3 == 0:
                return isinstance(worker.run_cell(KILLED), Failure) and printed(worker, "1") == ""
            return works(worker)

    def safely(number: int) -> bool | str:
        try:
            return run(number)
        except RuntimeError as error:
            return str(error)

    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(safely, range(6)))
    assert outcomes == ["this worker has ended", True, True, "this worker has ended", True, True]
