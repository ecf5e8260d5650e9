"""The entry points set up how the kit computes; importing the kit changes nothing."""

import json
import subprocess
import sys

import pytest

from autograder import computing, paths

IMPORT_ALL = """
import os, sys, pkgutil, importlib, json
import matplotlib, jax, nbformat, traitlets
from jax._src import compiler

def state():
    return {
        "environment": dict(os.environ),
        "jax": {name: str(value) for name, value in jax.config.values.items()},
        "compiler": id(compiler.compile_or_get_cached),
        "key": id(jax.random.key),
        "backend": matplotlib.rcParams._get("backend") is not None and str(matplotlib.rcParams._get("backend")),
        "parts": {key: str(value) for key, value in matplotlib.rcParams.items() if key != "backend"},
        "rfc3987_syntax": "rfc3987_syntax" in sys.modules and sys.modules["rfc3987_syntax"] is None,
    }

before = state()
import autograder
for module in pkgutil.walk_packages(autograder.__path__, "autograder."):
    if module.name != "autograder.__main__":
        importlib.import_module(module.name)
after = state()
print(json.dumps({name: [before[name], after[name]] for name in before if before[name] != after[name]}))
"""


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], cwd=paths.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_importing_any_module_of_the_kit_changes_nothing():
    assert json.loads(run(IMPORT_ALL)) == {}


@pytest.mark.parametrize("first", ["", "import jax, matplotlib"])
def test_an_entry_point_sets_up_computing_after_any_imports(first):
    code = f"""
{first}
from autograder import computing
computing.set_up()
import jax, matplotlib, json
print(json.dumps([*(jax.config.values[name] for name in computing.JAX), matplotlib.get_backend()]))
"""
    assert json.loads(run(code)) == [*computing.JAX.values(), computing.BACKEND]
