"""Settings that every test shares."""

import pytest
from hypothesis import settings

from autograder.beside.selfcheck import xla

# The same examples on every run. A first call compiles, so there is no deadline.
settings.register_profile("reproducible", derandomize=True, deadline=None, max_examples=25)
settings.load_profile("reproducible")

# As the grader computes: whichever test imports it first must not decide how the others round.
xla.compile_quickly()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--every-level",
        action="store_true",
        help="try every attack at every level of isolation; else those that only the kernel stops",
    )
