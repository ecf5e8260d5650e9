"""What the report of each benchmark begins with: when, with which command and on which machine it was measured."""

import json
import os
import platform
import shlex
import sys
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from autograder import machine

RESULTS = Path(__file__).parent / "results"


def write(
    benchmark: str, figures: Mapping[str, object], *, part: str = "", load: float, libraries: Iterable[str] = ()
) -> None:
    """Write `results/BENCHMARK.json`, or `results/BENCHMARK/PART.json`.

    Args:
        benchmark: the name of the benchmark's module.
        figures: what was measured.
        part: the part of the benchmark that was measured.
        load: the machine's load before the benchmark started, see `os.getloadavg`.
        libraries: the libraries on whose versions the figures depend.
    """
    head = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": f"{_start(libraries)} -m benchmarks.{benchmark} {shlex.join(sys.argv[1:])}".rstrip(),
        "machine": f"{platform.platform()}, {_processor()}, {machine.cores()} cores",
        "load_before_and_after": [round(load, 1), round(os.getloadavg()[0], 1)],
        "versions": {name: version(name) for name in libraries},
    }
    path = RESULTS.joinpath(benchmark, part).with_suffix(".json")
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({**head, **figures}, indent=1) + "\n", encoding="utf-8")


def _start(libraries: Iterable[str]) -> str:
    """The command up to the module. Otter-Grader is no dependency of the kit."""
    otter = [f"--with otter-grader=={version(name)} " for name in libraries if name == "otter-grader"]
    return f"uv run {''.join(otter)}python"


def _processor() -> str:
    """The name of the processor, as Linux tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
