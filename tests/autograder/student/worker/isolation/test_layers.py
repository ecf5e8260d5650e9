"""Code that works, and code that fails, at each level of isolation, through a sandbox."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import paths
from autograder.sandbox import isolation as trusted
from autograder.sandbox.outcomes import Ran
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.worker import Worker
from autograder.student.selfcheck.outcomes import Failure
from autograder.student.worker import isolation
from autograder.student.worker.isolation import syscalls

PROBLEMS = trusted.probe()
# The strongest level of the machine, and the level that is left in a container.
LEVELS = isolation.LEVELS[isolation.LEVELS.index(isolation.strongest(PROBLEMS)) : -1]
pytestmark = pytest.mark.skipif(not LEVELS, reason=f"nothing isolates here: {PROBLEMS}")

NAMESPACES_ONLY = pytest.mark.parametrize("sandbox", sorted({"namespaces"}.intersection(LEVELS)), indirect=True)

HONEST = {
    "jax": "import jax, jax.numpy as jnp\nprint(jax.jit(lambda x: (x @ x.T).sum())(jnp.ones((9, 9))))",
    "threads": "import threading\nt = threading.Thread(target=print, args=('a',)); t.start(); t.join()",
    "figure": (
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.set_title('a $\\\\mu$')\nax.plot([1, 2])\n"
        "fig.savefig('f.png')\nprint(len(open('f.png', 'rb').read()) > 1000)"
    ),
    "genjax": (
        "import jax\nfrom genjax import gen, normal, seed\n@gen\ndef model():\n    return normal(0.0, 1.0) @ 'x'\n"
        "print(seed(model.simulate)(jax.random.key(0)).get_retval())"
    ),
    "lazy import": "import scipy.cluster.vq\nprint(scipy.cluster.vq.kmeans2([[1.0], [2.0]], 1, seed=1)[0])",
    "own files": (
        "import os, shutil, tempfile\nopen('a.txt', 'w').write('a')\nshutil.copy2('a.txt', 'b.txt')\n"
        "os.mkdir('d')\nos.rename('b.txt', 'd/b.txt')\nwith tempfile.TemporaryFile() as f: f.write(b'1')\n"
        "open(os.devnull, 'w').write('x')\nprint(os.listdir('d'), open('data.csv').read())\nshutil.rmtree('d')"
    ),
    "modes pretend": (
        "import os\nos.chmod('data.csv', 0)\nos.chown('data.csv', 1, 1)\nos.utime('data.csv', (1, 1))\n"
        "s = os.stat('data.csv')\nprint(bool(s.st_mode & 0o400), s.st_mtime > 1)"
    ),
    "the machine": "import os\nprint(os.cpu_count(), len(open('/proc/cpuinfo').read()) > 10, os.urandom(1) != b'')",
    "asyncio": "import asyncio\nawait asyncio.sleep(0)\nprint('slept')",
    "own signal": "import os, signal\nsignal.signal(signal.SIGUSR1, lambda *_: print('got'))\nos.kill(os.getpid(), 10)",
    "own process": "import os\nprint(os.listdir('/proc/self/task') == [str(os.getpid())] or 'more threads')",
}

LIBC = "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\n"
FAIL = "\nif {}: raise OSError(ctypes.get_errno(), 'refused')"
FORBIDDEN = {
    "repository": "open({repository!r} + '/pyproject.toml')",
    "repository's folder": "import os\nos.listdir({repository!r})",
    "tests": "import os\nos.listdir({repository!r} + '/tests')",
    "reference": "open({repository!r} + '/reference/em.py')",
    "exercises": "open({repository!r} + '/autograder/exercises/em/__init__.py')",
    "right students": "open({repository!r} + '/autograder/exercises/em/answers/ada.py')",
    "history": "import os\nos.listdir({repository!r} + '/.git')",
    "home": "import os\nos.listdir({home!r})",
    "root": "import os\nos.listdir('/')",
    "accounts": "open('/etc/passwd')",
    "the course's files": "open({elsewhere!r} + '/gradebook.db')",
    "another's file": "open({other!r} + '/data.csv')",
    "another's folder": "import os\nos.listdir({other!r})",
    "all folders": "import os\nos.listdir({other!r} + '/../..')",
    "writing elsewhere": "open({elsewhere!r} + '/written', 'w')",
    "changing elsewhere": "open({elsewhere!r} + '/gradebook.db', 'r+')",
    "cutting elsewhere": "import os\nos.truncate({elsewhere!r} + '/gradebook.db', 0)",
    "removing elsewhere": "import os\nos.unlink({elsewhere!r} + '/gradebook.db')",
    "moving out": "import os\nopen('x', 'w').close()\nos.rename('x', {elsewhere!r} + '/x')",
    "linking in": "import os\nos.link({elsewhere!r} + '/gradebook.db', 'linked')",
    "a way through a link": "import os\nos.symlink({elsewhere!r}, 'way')\nopen('way/gradebook.db')",
    "a way through the own process": "open('/proc/self/root/etc/passwd')",
    "a way up": "import os\nos.open('/'.join(['..'] * 9), os.O_RDONLY, dir_fd=os.open('.', os.O_PATH))",
    "changing a library": "import numpy\nopen(numpy.__file__, 'a')",
    "adding a library": "import os\nopen(os.path.dirname({libraries!r}) + '/new.py', 'w')",
    "TCP": "import socket\nsocket.create_connection(('127.0.0.1', 80), 1)",
    "UDP": "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "Unix socket": "import socket\nsocket.socket(socket.AF_UNIX)",
    "datagram pair": "import socket\nsocket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)",
    "address on a pair": "import socket\na, b = socket.socketpair()\na.sendto(b'x', '\\0abstract')",
    "fork": "import os\nos.fork()",
    "fork by multiprocessing": "import multiprocessing as m\nm.get_context('fork').Process(target=print).start()",
    "program": "import subprocess\nsubprocess.run(['/bin/true'])",
    "exec": "import os, sys\nos.execv(sys.base_prefix + '/bin/python3', ['python3'])",
    "spawn": "import os\nos.posix_spawn('/bin/true', ['true'], {{}})",
    "signal to the parent": "import os\nos.kill({server}, 0)",
    "signal to the first": "import os\nos.kill(1, 0)",
    "signal to all": "import os\nos.kill(-1, 0)",
    "signal to the group": "import os\nos.killpg(0, 0)",
    "signal to its maker": "import os\nos.kill(os.getppid(), 0)",
    "process file descriptor": "import os\nos.pidfd_open(os.getpid())",
    "parent's environment": "open('/proc/{server}/environ')",
    "parent's memory": "open('/proc/{server}/mem', 'rb')",
    "grader's folder": "import os\nos.listdir('/proc/{grader}')",
    "first process": "open('/proc/1/environ')",
    "kernel's settings": "open('/proc/sys/kernel/core_pattern', 'w')",
    "others' limits": "import resource\nresource.prlimit({server}, resource.RLIMIT_CPU)",
    "higher limits": (
        "import resource\ntry: resource.setrlimit(resource.RLIMIT_AS, (2**40, 2**40))\n"
        "except ValueError as error: raise OSError from error"
    ),
    "others' processors": "import os\nos.sched_setaffinity({server}, [0])",
    "priority": "import os\nos.setpriority(os.PRIO_PROCESS, {server}, 19)",
    "namespace": "import os\nos.unshare(os.CLONE_NEWUSER)",
    "new root": "import os\nos.chroot('.')",
    "extended attribute": "import os\nos.setxattr('data.csv', 'user.a', b'1')",
    "memory as a file": "import os\nos.memfd_create('a')",
    "shared memory": "from multiprocessing import shared_memory\nshared_memory.SharedMemory(create=True, size=9)",
    "lease of a library": "import fcntl, os\nfcntl.fcntl(open(os.__file__), fcntl.F_SETLEASE, fcntl.F_WRLCK)",
    "owner of a pipe": "import fcntl, os\nfcntl.fcntl(os.pipe()[0], 8, {server})",
    "mount": LIBC + FAIL.format("libc.mount(b'none', b'.', b'tmpfs', 0, None)"),
    "ptrace": LIBC + FAIL.format("libc.ptrace(16, {server}, None, None)"),
    "personality": LIBC + FAIL.format("libc.personality(0x40000) == -1"),
    "freedom from the parent": LIBC + FAIL.format("libc.prctl(1, 0, 0, 0, 0)"),
    "keys": LIBC + FAIL.format("libc.syscall({keyctl}, 0, -3, 0) == -1"),
    "io_uring": LIBC + FAIL.format("libc.syscall({io_uring_setup}, 1, None) == -1"),
    "clone3": LIBC + FAIL.format("libc.syscall({clone3}, None, 0) == -1"),
    "System V memory": LIBC + FAIL.format("libc.shmget(1, 4096, 0o1666) == -1"),
    "a call of a later kernel": LIBC + FAIL.format("libc.syscall(463) == -1"),
}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundle")
    (folder / "data.csv").write_text("1,2,3")
    return folder


@pytest.fixture(scope="module", params=LEVELS)
def sandbox(request, bundle):
    with Sandbox(bundle=bundle, isolation=request.param, preload=("genjax",)) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def worker(sandbox):
    with sandbox.start() as worker:
        yield worker


@pytest.fixture(scope="module")
def places(sandbox, tmp_path_factory):
    """The targets of the forbidden attempts."""
    elsewhere = tmp_path_factory.mktemp("course")
    (elsewhere / "gradebook.db").write_text("marks")
    with sandbox.start() as other:
        yield {
            "repository": str(paths.ROOT),
            "home": str(Path.home()),
            "elsewhere": str(elsewhere),
            "other": str(other._folder / "work"),
            "libraries": str(Path(pytest.__file__).parent),
            "server": sandbox.server.pid,
            "grader": os.getpid(),
            **{name: syscalls.number(name) for name in ("keyctl", "io_uring_setup", "clone3")},
        }
    assert [file.name for file in elsewhere.iterdir()] == ["gradebook.db"]
    assert (elsewhere / "gradebook.db").read_text() == "marks"


@pytest.mark.parametrize("source", HONEST.values(), ids=HONEST)
def test_honest_code_works(worker, source):
    reply = worker.run_cell(source)
    assert isinstance(reply, Ran), reply
    assert not reply.failures
    assert reply.output.strip() not in ("", "False"), reply


@pytest.mark.parametrize("source", FORBIDDEN.values(), ids=FORBIDDEN)
def test_forbidden_code_fails(worker, places, source):
    failure = first_failure(worker, source.format(**places))
    assert failure.kind == "raised"
    assert failure.summary in {
        f"raised {name}" for name in ("PermissionError", "FileNotFoundError", "OSError", "ProcessLookupError")
    }, failure


def test_modes_stay_as_they_are(worker):
    assert printed(worker, "print(open('data.csv').read())") == "1,2,3"


def test_no_capability_is_left(worker):
    lines = printed(worker, "print(open('/proc/self/status').read())").splitlines()
    status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
    assert {int(status[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")} == {0}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")
    if os.geteuid() == 0:
        assert int(status["CapBnd"], 16) == 0


def test_every_thread_is_restricted(worker):
    source = (
        "import concurrent.futures, os, socket\n"
        "def attempt(f, *args):\n    try: f(*args)\n    except PermissionError: return 1\n"
        "with concurrent.futures.ThreadPoolExecutor(2) as pool:\n"
        "    print(sum(pool.map(lambda f: attempt(*f), [(socket.socket,), (os.listdir, '/')] * 2)))"
    )
    assert printed(worker, source) == "4"


@NAMESPACES_ONLY  # Landlock hides the content of files, not their names
def test_nothing_else_is_visible(worker, places):
    source = f"import os\nprint([p for p in ({places['elsewhere']!r}, {places['repository']!r} + '/tests', "
    source += f"{places['other']!r}, '/home', '/etc/passwd', '/bin') if os.path.exists(p)])\n"
    source += "print(os.getpid(), os.getppid(), os.uname().nodename)"
    assert printed(worker, source) == "[]\n2 0 student"


@NAMESPACES_ONLY  # without namespaces, all users share the folder
def test_the_temporary_folder_is_private_and_limited(sandbox):
    with sandbox.start() as first, sandbox.start() as second:
        name = f"{os.urandom(8).hex()}.txt"
        printed(first, f"open('/tmp/{name}', 'w').write('mine')\nprint(open('/tmp/{name}').read())")
        assert printed(second, f"import os\nprint(os.path.exists('/tmp/{name}'))") == "False"
        assert not Path("/tmp", name).exists()
        cell = "for i in range(9):\n    with open(f'/tmp/f{i}', 'wb') as f: f.write(bytes(60 * 2**20))"
        assert "No space left on device" in first_failure(first, cell).detail


def test_without_namespaces_the_temporary_folder_is_closed(bundle):
    with Sandbox(bundle=bundle, isolation="landlock") as sandbox, sandbox.start() as worker:
        assert first_failure(worker, "open('/tmp/log.txt', 'w')").summary == "raised PermissionError"


def test_errors_name_what_is_not_available(worker):
    for cell, what in {
        "import subprocess\nsubprocess.run(['ls'])": "starting processes",
        "import os\nos.system('ls')": "starting processes",
        "import multiprocessing as m\nm.get_context('fork').Process(target=print).start()": "starting processes",
        "import socket\nsocket.socket()": "the network",
        "import urllib.request as r\nr.urlopen('http://example.org')": "the network",
    }.items():
        assert f"not available while grading: {what}" in first_failure(worker, cell).detail, cell


@NAMESPACES_ONLY  # a folder on disk has only the limit of each file
def test_the_working_folder_is_limited(sandbox):
    with sandbox.start() as worker:
        cell = "for i in range(9):\n    with open(f'f{i}', 'wb') as f: f.write(bytes(60 * 2**20))"
        failure = first_failure(worker, cell)
    assert "No space left on device" in failure.detail


def first_failure(worker: Worker, source: str) -> Failure:
    outcome = worker.run_cell(source)
    assert isinstance(outcome, Ran), outcome
    assert outcome.failures, source
    return outcome.failures[0]


def printed(worker: Worker, source: str) -> str:
    reply = worker.run_cell(source)
    assert isinstance(reply, Ran), reply
    assert not reply.failures
    return reply.output.strip()


# Levels.


@pytest.mark.parametrize(
    ("broken", "level"),
    [
        ((), "namespaces"),
        (("namespaces",), "landlock"),
        (("landlock",), "none"),
        (("seccomp",), "none"),
        (("namespaces", "landlock"), "none"),
    ],
)
def test_the_strongest_level_has_all_its_layers(broken, level):
    problems = {name: "refused" if name in broken else None for name in isolation.LAYERS}
    assert isolation.strongest(problems) == level


def test_a_layer_that_fails_is_reported():
    code = """
import json, os
from autograder.student.worker import isolation
from autograder.student.worker.isolation import syscalls
def fails(folder, link): raise OSError("refused")
def ends(folder, link): os._exit(3)
layers = fails, ends, lambda *_: False, lambda *_: True
print(json.dumps([isolation._trial(layer) for layer in layers]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(paths.ROOT)}, capture_output=True, text=True, timeout=300
    )
    assert json.loads(done.stdout or "null") == [
        "refused",
        "the process that tried it ended without a report",
        "the kernel accepts it, but it has no effect",
        None,
    ], done.stderr
