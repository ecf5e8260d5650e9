"""Settings that every test shares."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

from autograder.student.selfcheck import xla

# The same examples on every run. A first call compiles, so there is no deadline.
settings.register_profile("reproducible", derandomize=True, deadline=None, max_examples=25)
settings.load_profile("reproducible")

# What JAX compiles is compiled once for all processes of the tests, and kept for the next run.
os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(Path(__file__).parents[1] / ".pytest_cache" / "jax"))
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")

# As the grader computes: whichever test imports it first must not decide how the others round.
xla.compile_quickly()

LONGEST = ("test_guide.py", "test_sample_class.py", "browser/", "test_container.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--long",
        action="store_true",
        help="try every attack at every level of isolation, else those that only the kernel stops; grade the whole "
        "sample class, else a few of it; execute all solutions, else one",
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest: at the end one process of the tests would wait for it alone."""
    items.sort(key=lambda item: not any(name in item.nodeid for name in LONGEST))
