import zlib

import pytest

from autograder.exercises import load
from autograder.exercises.truth import read_stored
from autograder.paths import ASSIGNMENTS


@pytest.fixture(scope="session", autouse=True)
def stored() -> None:
    """The values that the kit comes with are not computed again; `test_shipped` computes some of them to compare."""
    for name in ASSIGNMENTS:
        read_stored(load(name))


@pytest.fixture
def few_of_the_pairs(request) -> None:
    """All pairs with `--long`; else each wrong answer with a few ways to draw, each way with a few wrong answers."""
    if not request.config.getoption("--long") and zlib.crc32(request.node.name.encode()) % 4:
        pytest.skip("only with --long")
