import zlib

import pytest


@pytest.fixture
def few_of_the_pairs(request) -> None:
    """All pairs with `--long`; else each wrong answer with a few ways to draw, each way with a few wrong answers."""
    if not request.config.getoption("--long") and zlib.crc32(request.node.name.encode()) % 4:
        pytest.skip("only with --long")
