"""A notebook compiles quickly and multiplies precisely, with public settings alone."""

import ast
import os
import subprocess
import sys

import pytest

from autograder import paths

COMPILE = """
import time
{imports}
import jax, jax.numpy as jnp
{settings}
x = jnp.linspace(0.0, 1.0, 8)
functions = [jax.jit(lambda x, c=c: jnp.log(jnp.sum(jnp.exp(x - c))) + jax.nn.softmax(x)[0] * c) for c in range(20)]
print(functions[0](x))
started = time.process_time()
for function in functions:
    function(x)
print(time.process_time() - started)
"""
SETTINGS = "from selfcheck import settings; settings.use()"


def printed(code: str, **more: str) -> list[str]:
    """The lines that a new process prints, as a student's kernel would."""
    environment = {"PYTHONPATH": str(paths.STUDENT), "JAX_PLATFORMS": "cpu", "NPROC": "1", "PATH": os.environ["PATH"]}
    done = subprocess.run([sys.executable, "-c", code], env=environment | more, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


@pytest.mark.long
def test_the_settings_give_the_same_values_in_less_time():
    value, seconds = map(float, printed(COMPILE.format(imports="", settings=SETTINGS)))
    usual_value, usual_seconds = map(float, printed(COMPILE.format(imports="", settings="")))

    assert value == pytest.approx(usual_value, rel=1e-6)
    assert seconds < 0.8 * usual_seconds


def test_matrices_are_multiplied_in_full_precision():
    code = f"{SETTINGS}\nimport jax\nprint(jax.make_jaxpr(lambda a: a @ a)(jax.numpy.ones((2, 2))))"

    assert "precision=(Precision.HIGHEST, Precision.HIGHEST)" in "".join(printed(code)).replace("\n", "")


def test_flags_of_the_user_stay():
    code = f"{SETTINGS}\nimport os; print(os.environ['XLA_FLAGS'])"

    assert printed(code, XLA_FLAGS="--xla_cpu_enable_fast_math=false") == ["--xla_cpu_enable_fast_math=false"]


@pytest.mark.parametrize("path", sorted(paths.SELFCHECK.rglob("*.py")), ids=lambda path: path.stem)
def test_the_self_check_uses_no_private_names_of_jax(path):
    for node in ast.walk(ast.parse(path.read_bytes())):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []

        assert not any(name.startswith(("jax._", "jaxlib", "genjax._")) for name in names)
