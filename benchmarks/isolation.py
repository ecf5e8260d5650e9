"""The cost of isolation for a submission: the time until its process is ready, and until it has ended.

    uv run python -m benchmarks.isolation

Each level has its own fork server. The levels take turns, so that a busy moment of the machine affects all of them. The
processor time is that of the fork server and all processes that it forked; other work on the machine does not add to
it.
"""

import os
import statistics
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from autograder.sandbox.isolation import probe
from autograder.sandbox.sandbox import Sandbox
from autograder.student.worker.isolation import LEVELS, strongest

from . import report

ROUNDS = 30


def seconds(sandbox: Sandbox) -> tuple[float, float]:
    """Wall-clock seconds until the process is ready, and until it has ended."""
    started = time.perf_counter()
    worker = sandbox.start()
    ready = time.perf_counter()
    worker.close()
    return ready - started, time.perf_counter() - started


def processor_seconds(sandbox: Sandbox) -> float:
    """The processor seconds of the fork server and of its descendants that have ended."""
    fields = Path(f"/proc/{sandbox.server.pid}/stat").read_text().rpartition(") ")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    load = os.getloadavg()[0]
    levels = LEVELS[LEVELS.index(strongest(probe())) :]
    with ExitStack() as stack:
        bundle = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        sandboxes = {
            level: stack.enter_context(Sandbox(bundle=bundle, isolation=level, unsafe=True)) for level in levels
        }
        for sandbox in sandboxes.values():
            seconds(sandbox)  # not counted: the first process waits for the imports
        before = {level: processor_seconds(sandbox) for level, sandbox in sandboxes.items()}
        taken = {level: [] for level in levels}
        for _ in range(ROUNDS):
            for level, sandbox in sandboxes.items():
                taken[level].append(seconds(sandbox))
        used = {level: (processor_seconds(sandbox) - before[level]) / ROUNDS for level, sandbox in sandboxes.items()}

    table = Table(
        Column("level"),
        *(Column(title, justify="right") for title in ("ready, ms", "gone, ms", "cost, ms", "processor, ms")),
    )
    medians = {
        level: tuple(round(1000 * statistics.median(column), 1) for column in zip(*taken[level], strict=True))
        for level in levels
    }
    rows = {
        level: {
            "ready_ms": ready,
            "gone_ms": gone,
            "cost_ms": round(gone - medians["none"][1], 1),
            "processor_ms": round(1000 * used[level], 1),
        }
        for level, (ready, gone) in medians.items()
    }
    for level, row in rows.items():
        table.add_row(level, *map(str, row.values()))
    Console().print(table)
    report.write("isolation", {"rounds": ROUNDS, "medians": rows}, load=load)


if __name__ == "__main__":
    main()
