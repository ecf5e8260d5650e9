import zlib

import pytest


def pytest_itemcollected(item: pytest.Item) -> None:
    """All pairs with `--long`; else each wrong answer with a few ways to draw, each way with a few wrong answers."""
    if item.get_closest_marker("few_of_the_pairs") and zlib.crc32(item.name.encode()) % 6:
        item.add_marker(pytest.mark.long)
