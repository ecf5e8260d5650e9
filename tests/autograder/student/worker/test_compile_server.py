"""Programs are compiled once for all, and by nobody who could deceive another."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from autograder.sandbox.outcomes import Ran, Returned
from autograder.sandbox.sandbox import Sandbox
from autograder.sandbox.worker import Worker
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
    """What a function compiled there returns for three numbers."""
    ran(worker, CELL.format(constant=constant))
    ran(worker, "def total():\n    return float(scores(jnp.array([0., 1., 2.]))[-1])")
    reply = worker.call("total", (), cpu_seconds=20)
    assert isinstance(reply, Returned), reply
    assert isinstance(reply.value, np.ndarray)
    return float(reply.value)


def compiler_of(sandbox: Sandbox) -> int:
    """The process that compiles: the first child of the server, which starts it before any submission's."""
    return int(Path(f"/proc/{sandbox.parent.pid}/task/{sandbox.parent.pid}/children").read_text().split()[0])


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


def test_a_process_without_a_compiler_compiles_for_itself_and_the_next_one_has_another(sandbox, store):
    with sandbox.start() as worker:
        known = set(store.iterdir())
        os.kill(compiler_of(sandbox), signal.SIGKILL)
        assert total(worker, constant=20) == pytest.approx(TOTAL + 20)
        assert set(store.iterdir()) == known
    with sandbox.start() as worker:
        assert total(worker, constant=20) == pytest.approx(TOTAL + 20)
        assert set(store.iterdir()) > known


def test_what_is_damaged_on_disk_is_made_anew(sandbox, store):
    with sandbox.start() as ada:
        total(ada)
    for path in store.iterdir():
        path.write_bytes(path.read_bytes()[:-1])
    with sandbox.start() as bilal:
        assert total(bilal) == pytest.approx(TOTAL)
    assert any(compile_server._stored(path) for path in store.iterdir())


def test_an_answer_that_comes_too_late_is_not_taken_for_the_next(sandbox):
    """A submission that has asked by itself gets no program of its own mixed up with what JAX asks."""
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


def test_only_whole_files_count(tmp_path):
    path = tmp_path / "executable"
    assert compile_server._stored(path) is None
    compile_server._store(path, b"executable")
    assert compile_server._stored(path) == b"executable"
    path.write_bytes(path.read_bytes()[:-1])
    assert compile_server._stored(path) is None
    path.write_bytes(b"")
    assert compile_server._stored(path) is None
