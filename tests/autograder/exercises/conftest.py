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


def pytest_itemcollected(item: pytest.Item) -> None:
    """All pairs with `--long`; else each wrong answer with a few ways to draw, each way with a few wrong answers."""
    if item.get_closest_marker("few_of_the_pairs") and zlib.crc32(item.name.encode()) % 6:
        item.add_marker(pytest.mark.long)
