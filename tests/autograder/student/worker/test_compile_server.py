"""Each program is compiled once for all submissions, and no submission can change what another one gets."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder.sandbox.outcomes import Ran
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.worker import Worker
from autograder.student.selfcheck.outcomes import Returned
from autograder.student.worker import compile_server

TOTAL = 1.75076842  # sin 0 + sin 1 + sin 2
CELL = """
import jax, jax.numpy as jnp

@jax.jit
def scores(x):
    return jnp.cumsum(jnp.sin(x)) + {constant}
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("compiled") / "work"


@pytest.fixture(scope="module")
def sandbox(store, tmp_path_factory) -> Iterator[Sandbox]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("autograder.sandbox.sandbox.compiled_programs", lambda: store.parent)
        with Sandbox(bundle=tmp_path_factory.mktemp("bundle")) as sandbox:
            yield sandbox


def ran(worker: Worker, source: str) -> None:
    outcome = worker.run_cell(source)
    assert isinstance(outcome, Ran), outcome
    assert not outcome.failures


def total(worker: Worker, *, constant: float = 0) -> float:
    """The value that a function compiled by the server returns for three numbers."""
    ran(worker, CELL.format(constant=constant))
    ran(worker, "def total():\n    return float(scores(jnp.array([0., 1., 2.]))[-1])")
    reply = worker.call("total", (), cpu_seconds=20)
    assert isinstance(reply, Returned), reply
    assert isinstance(reply.value, np.ndarray)
    return float(reply.value)


def compiler_of(sandbox: Sandbox) -> int:
    """The process id of the compile server: the fork server's first child, started before any submission."""
    return int(Path(f"/proc/{sandbox.server.pid}/task/{sandbox.server.pid}/children").read_text().split()[0])


def test_a_program_is_compiled_once(sandbox, store):
    with sandbox.start() as ada:
        first = total(ada)
    compiled = {path.name: path.stat().st_mtime_ns for path in store.iterdir()}
    with sandbox.start() as bilal:
        assert total(bilal) == first == pytest.approx(TOTAL)
    assert compiled
    assert {path.name: path.stat().st_mtime_ns for path in store.iterdir()} == compiled
    with sandbox.start() as chiara:
        assert total(chiara, constant=10) == pytest.approx(TOTAL + 10)
    assert {path.name for path in store.iterdir()} > set(compiled)


def test_without_the_compile_server_a_process_compiles_itself_and_the_next_gets_a_new_one(sandbox, store):
    with sandbox.start() as worker:
        known = set(store.iterdir())
        os.kill(compiler_of(sandbox), signal.SIGKILL)
        assert total(worker, constant=20) == pytest.approx(TOTAL + 20)
        assert set(store.iterdir()) == known
    with sandbox.start() as worker:
        assert total(worker, constant=20) == pytest.approx(TOTAL + 20)
        assert set(store.iterdir()) > known


def test_a_damaged_executable_on_disk_is_compiled_again(sandbox, store):
    with sandbox.start() as ada:
        total(ada)
    for path in store.iterdir():
        path.write_bytes(path.read_bytes()[:-1])
    with sandbox.start() as bilal:
        assert total(bilal) == pytest.approx(TOTAL)
    assert any(compile_server._stored(path) for path in store.iterdir())


def test_a_late_answer_is_not_read_as_the_next_answer(sandbox):
    """A submission is interrupted before it reads an answer, so that the answer stays in the socket."""
    with sandbox.start() as worker:
        worker.run_cell("import socket, struct\nfrom kit_student.worker import compile_server")
        interrupted = """
import signal
def stop(*_):
    raise TimeoutError
signal.signal(signal.SIGALRM, stop)
import jax, jax.numpy as jnp
usual = compile_server._receive
def late(link):
    signal.raise_signal(signal.SIGALRM)
compile_server._receive = late
jax.jit(lambda x: x * 3)(jnp.float32(1))
compile_server._receive = usual
"""
        ran(worker, interrupted)
        assert total(worker) == pytest.approx(TOTAL)


def test_a_full_store_loses_its_older_half(tmp_path, monkeypatch):
    monkeypatch.setattr(compile_server, "STORE_BYTES", 350)
    for number in range(4):
        path = tmp_path / str(number)
        path.write_bytes(bytes(100))
        os.utime(path, (number, number))
    compile_server._prune(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2", "3"]
    compile_server._prune(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2", "3"]


def test_incomplete_files_are_ignored(tmp_path):
    path = tmp_path / "executable"
    assert compile_server._stored(path) is None
    compile_server._store(path, b"executable")
    assert compile_server._stored(path) == b"executable"
    path.write_bytes(path.read_bytes()[:-1])
    assert compile_server._stored(path) is None
    path.write_bytes(b"")
    assert compile_server._stored(path) is None
