"""A plugin of pytest that measures the time of each test.

    uv run pytest -p tests.processor_time --processor-time costs.tsv

A line of the table has the processor seconds of the test's process and of all processes below it, the wall-clock
seconds, and the test. Wall-clock time depends on what else the machine does; processor time hardly does.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

TICKS = os.sysconf("SC_CLK_TCK")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--processor-time", type=Path, help="append to this file what each test costs")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    table = item.config.getoption("--processor-time")
    processor, clock = used(), time.monotonic()
    result = yield
    if table:
        line = f"{used() - processor:.2f}\t{time.monotonic() - clock:.2f}\t{item.nodeid}\n"
        with table.open("a") as file:
            file.write(line)
    return result


def used(process: int | str = "self") -> float:
    """Processor seconds of a process, of its ended children, and of its running children at any depth."""
    folder = Path(f"/proc/{process}")
    try:
        # Split after the name, which may contain anything.
        fields = (folder / "stat").read_text().rpartition(")")[2].split()
        children = [child for file in folder.glob("task/*/children") for child in file.read_text().split()]
    except OSError:  # the process has ended
        return 0.0
    return sum(map(int, fields[11:15])) / TICKS + sum(map(used, children))
