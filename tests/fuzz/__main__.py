"""A million hostile inputs for the two readers of student-controlled data: messages and notebooks.

    uv run python -m tests.fuzz --inputs 1000000

A frame, as a student's process may send it, gives a reply or raises `WireError`; a file gives cells or raises
`UnreadableNotebook`. Anything else is a finding. Findings are also an input that takes over a second of processor time
or too much memory, and a message that reads differently after it is encoded again. Each finding is saved with its
input, and the command exits with 1. The inputs are valid ones with changes; the same seed makes the same inputs.
"""

import argparse
import json
import os
import platform
import resource
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from tests.fuzz.changes import SEED, frames, notebooks
from tests.fuzz.readers import frame_outcome, fuzz, notebook_outcome, scratch

SHARE_OF_FRAMES = 0.7
MAX_MEMORY = 2**29  # in addition to the process's size before the first input
RESULTS = Path(__file__).parents[2] / "benchmarks" / "results" / "fuzz.json"


def main() -> None:
    """Fuzz both readers, print the outcome and write the results."""
    parser = argparse.ArgumentParser(description="Fuzz the readers of messages and of notebooks.")
    parser.add_argument("--inputs", type=int, default=1_000_000, help="of both kinds together")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--findings", type=Path, default=Path("fuzz-findings"), help="where to save what should not be")
    options = parser.parse_args()
    count = round(SHARE_OF_FRAMES * options.inputs)
    _bound_memory()
    with scratch() as path:
        read = notebook_outcome(path)
        tallies = {
            "frames": fuzz(islice(frames(options.seed), count), frame_outcome),
            "notebooks": fuzz(islice(notebooks(options.seed), options.inputs - count), read),
        }

    table = Table(Column("reader"), Column("outcome"), Column("inputs", justify="right"))
    for name, tally in tallies.items():
        for outcome, number in tally.outcomes.most_common():
            table.add_row(name, outcome, f"{number:,}")
        table.add_row(name, f"all, in {tally.seconds:.0f} s; the slowest {1000 * tally.slowest:.0f} ms", "")
        table.add_section()
    Console().print(table)
    report = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{platform.system()} {platform.release()} {platform.machine()}, {os.cpu_count()} cores",
        "versions": {"python": platform.python_version(), "numpy": version("numpy")},
        "command": f"uv run python -m tests.fuzz --inputs {options.inputs} --seed {options.seed}",
        "seed": options.seed,
        "inputs": sum(tally.outcomes.total() for tally in tallies.values()),
        "findings": sum(len(tally.findings) for tally in tallies.values()),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10),
        "readers": {
            name: {
                "inputs": tally.outcomes.total(),
                "processor_seconds": round(tally.seconds, 1),
                "slowest_ms": round(1000 * tally.slowest, 1),
                "outcomes": dict(tally.outcomes.most_common()),
            }
            for name, tally in tallies.items()
        },
    }
    RESULTS.write_text(json.dumps(report, indent=1) + "\n")
    for name, tally in tallies.items():
        for number, (what, data) in enumerate(tally.findings):
            options.findings.mkdir(parents=True, exist_ok=True)
            saved = options.findings / f"{name}-{number}"
            saved.write_bytes(data)
            print(f"{saved}: {what}")
    sys.exit(1 if report["findings"] else 0)


def _bound_memory() -> None:
    """Make excessive allocations fail from now on."""
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MAX_MEMORY, used + MAX_MEMORY))


if __name__ == "__main__":
    main()
