import os
import subprocess
import sys

import pytest

from autograder import paths
from autograder.beside.selfcheck import xla

COMPILE = """
from selfcheck import xla
xla.compile_quickly()
import jax, jax.numpy as jnp
print(jax.jit(lambda x: jnp.log(jnp.sum(jnp.exp(x - 1))) + 1)(jnp.array([0.0, 1.0])))
"""


def test_other_flags_stay_and_ours_is_there_once(monkeypatch):
    monkeypatch.setenv("XLA_FLAGS", "--xla_cpu_enable_fast_math=false")

    xla.compile_quickly()
    xla.compile_quickly()

    assert os.environ["XLA_FLAGS"] == f"--xla_cpu_enable_fast_math=false {xla.FLAG}"


def test_xla_takes_the_flag():
    """It ends a process that names a flag which it does not know."""
    environment = {"PYTHONPATH": str(paths.BESIDE), "JAX_PLATFORMS": "cpu"}

    done = subprocess.run([sys.executable, "-c", COMPILE], env=environment, capture_output=True, text=True, timeout=300)

    assert done.returncode == 0, done.stderr
    assert float(done.stdout) == pytest.approx(1.3132617, abs=1e-6)
