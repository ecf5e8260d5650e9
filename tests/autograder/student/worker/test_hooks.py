"""The installed versions of JAX and GenJAX have the names that the hooks replace, and the hooks work."""

import importlib
import logging
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax._src import compiler

from autograder.sandbox import worker as trusted
from autograder.student.worker import hooks


def test_all_hooked_names_exist():
    importlib.import_module(hooks.COMPILER)
    importlib.import_module(hooks.GENJAX)

    assert hooks.missing() == ()


def test_a_missing_name_is_logged_once(monkeypatch, caplog):
    importlib.import_module(hooks.COMPILER)
    monkeypatch.setattr(hooks, "COMPILE", "compile_with_love")
    trusted._warn_of_missing.cache_clear()

    with caplog.at_level(logging.WARNING):
        for name in 2 * hooks.missing():
            trusted._warn_of_missing(name)

    assert [record.getMessage().split()[0] for record in caplog.records] == ["jax._src.compiler.compile_with_love"]


@pytest.fixture
def usual_compiler(monkeypatch) -> None:
    """Restore JAX after the test."""
    monkeypatch.setattr(compiler, hooks.COMPILE, compiler.compile_or_get_cached)


def test_each_program_is_sent_to_another_process(usual_compiler):
    asked = []

    def ask(options: bytes, program: bytes) -> bytes:
        asked.append((options, program))
        return b""

    hooks.compile_by(ask)

    assert jax.jit(lambda x: x * 3.5 + 1)(jnp.float32(2.0)) == 8
    assert len(asked) >= 1


def test_options_that_jax_does_not_set_are_refused(usual_compiler):
    program = jax.jit(lambda x: x + 1).lower(np.zeros(3, np.float32)).compiler_ir()

    assert hooks.compiler_of_programs()(b"others", hooks.canonical(program)) is None


def test_genjax_is_imported_without_a_key(monkeypatch):
    monkeypatch.setattr(hooks.importlib, "import_module", lambda name: made.append(jax.random.key(0)))
    make_key, made = jax.random.key, []

    hooks.import_library("genjax")
    hooks.import_library("another")

    assert made[0] is None
    assert made[1] is not None
    assert jax.random.key is make_key


def test_genjax_has_its_key_afterwards(monkeypatch):
    importlib.import_module(hooks.GENJAX)
    monkeypatch.setattr(sys.modules[hooks.GENJAX], hooks.KEY, None)

    hooks.make_keys()

    assert jax.random.key_data(getattr(sys.modules[hooks.GENJAX], hooks.KEY)).tolist() == [0, 1]


@pytest.mark.parametrize(
    ("program", "long"),
    [
        (lambda x: jnp.exp(x), "older"),
        (lambda x: x.at[0].set(1), "older"),
        (lambda x: jax.lax.fori_loop(0, 9, lambda i, x: x * 0.9, x), "older"),
        (lambda x: jax.lax.fori_loop(0, 9, lambda i, x: x.at[i].set(1), x), "newer"),
        (lambda x: jax.lax.scan(lambda state, new: (state + new, state), 0.0, x), "newer"),
    ],
)
def test_a_loop_that_fills_a_long_array_keeps_the_new_emitters(program, long):
    assert _chosen(program, 2_000) == "older"
    assert _chosen(program, 200_000) == long


def _chosen(program, length: int) -> str:
    lowered = jax.jit(program).lower(np.zeros(length, np.float32))
    options = compiler.get_compile_options(num_replicas=1, num_partitions=1)
    chosen = hooks.quick_options(options, lowered.compiler_ir())
    return "older" if b"xla_cpu_disable_new_fusion_emitters" in chosen.SerializeAsString() else "newer"
