"""Compiling takes half of the time, and what is compiled runs no slower."""

import os
import subprocess
import sys

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax._src import compiler

from autograder import paths
from autograder.student.selfcheck import xla

SETUP = """
import time
from selfcheck import xla
{quickly}
import jax, jax.numpy as jnp

def seconds(work):
    started = time.process_time()
    work()
    return time.process_time() - started
"""
COMPILE = """
x = jnp.linspace(0.0, 1.0, 8)
functions = [jax.jit(lambda x, c=c: jnp.log(jnp.sum(jnp.exp(x - c))) + jax.nn.softmax(x)[0] * c) for c in range(20)]
print(functions[0](x), seconds(lambda: [function(x) for function in functions]))
"""
CHAIN = """
from functools import partial

@partial(jax.jit, static_argnums=1)
def chain(key, length):
    def step(state, number):
        state = 0.9 * state + jax.random.normal(jax.random.fold_in(key, number), (3,))
        return state, (state, state > 0)
    return jax.lax.scan(step, jnp.zeros(3), jnp.arange(length))

def run(length):
    jax.block_until_ready(chain(jax.random.key(0), length))

run(2_000), run(20_000)
print(seconds(lambda: run(2_000)), seconds(lambda: run(20_000)))
"""


def printed(code: str, *, quickly: bool = True) -> list[float]:
    """The numbers that a process of its own prints, as a student's kernel would."""
    code = SETUP.format(quickly="xla.compile_quickly()" if quickly else "") + code
    environment = {"PYTHONPATH": str(paths.STUDENT), "JAX_PLATFORMS": "cpu", "NPROC": "1", "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return [float(number) for number in done.stdout.split()]


def test_the_same_values_in_less_time():
    value, seconds = printed(COMPILE)
    usual_value, usual_seconds = printed(COMPILE, quickly=False)

    assert value == pytest.approx(usual_value, rel=1e-6)
    assert seconds < 0.8 * usual_seconds


def test_a_long_chain_takes_time_in_proportion_to_its_length():
    """All of its draws would be copied at every step: a hundred times as much work for ten times as many."""
    short, long = printed(CHAIN)

    assert long < 40 * short


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
def test_the_newer_emitters_stay_where_a_loop_fills_a_long_array(program, long):
    assert _chosen(program, 2_000) == "older"
    assert _chosen(program, 200_000) == long


def _chosen(program, length: int) -> str:
    lowered = jax.jit(program).lower(np.zeros(length, np.float32))
    options = compiler.get_compile_options(num_replicas=1, num_partitions=1)
    chosen = xla.quick(options, lowered.compiler_ir())
    return "older" if b"xla_cpu_disable_new_fusion_emitters" in chosen.SerializeAsString() else "newer"


def test_to_ask_twice_changes_nothing():
    xla.compile_quickly()
    once = compiler.compile_or_get_cached
    xla.compile_quickly()

    assert compiler.compile_or_get_cached is once
