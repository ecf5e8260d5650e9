"""Measure how long a newcomer waits: for the demo, a first verdict, a release, the help.

    uv run python -m benchmarks.first_minute

Each round begins in a new clone with a new environment and empty caches; only the packages have been downloaded before.
The processor time is that of a command and of all processes that it has waited for. Other work on the machine adds less
to it than to the wall-clock time. The machine's pace (see `watching`) is measured before and after each command. The
targets are those of a machine with the constant pace: seconds, multiplied by the measured pace.
"""

import math
import os
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from autograder import paths

from . import report
from .watching import pace

ROUNDS = 3
ASSIGNMENT = "categorization"
RIGHT, SECOND, WRONG = "ada", "bilal", "goran"
TARGETS = {
    "demo": ("seconds", 60.0),
    "demo: first verdict": ("seconds", 20.0),
    "grade, cold": ("seconds", 8.0),
    "grade, warm": ("seconds", 4.0),
    "release": ("processor", 5.0),
    "--help": ("seconds", 0.3),
}
"""The targets in seconds, for two idle cores at the constant pace: wall-clock time or processor time."""
KINDS = ("seconds", "processor", "pace")
NOT_MEASURED = float("nan")


@dataclass(frozen=True)
class Taken:
    """The cost of a command: seconds of wall-clock time and of processor time, and the pace of the machine."""

    seconds: float
    processor: float
    pace: float

    def steady(self, kind: str) -> float:
        """The `seconds` or the `processor` seconds that the command would have taken at the constant pace."""
        return round(getattr(self, kind) * self.pace, 2)


def run(*words: str, cwd: Path, cache: Path, on_line: Callable[[str], None] = lambda line: None) -> Taken:
    """Run a command, and pass each printed line to `on_line`.

    Raises:
        RuntimeError: the command failed; the message is its output.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    environment |= {
        "XDG_CACHE_HOME": str(cache),
        "UV_CACHE_DIR": _downloads(),
        "PYTHONUNBUFFERED": "1",
        "COLUMNS": "100",
    }
    paces, printed, started = [pace()], [], time.perf_counter()
    child = subprocess.Popen(
        words, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert child.stdout
    for line in child.stdout:
        printed.append(line)
        on_line(line)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError("".join(printed))
    seconds = time.perf_counter() - started
    paces.append(pace())
    return Taken(seconds, used.ru_utime + used.ru_stime, statistics.fmean(paces))


def play(clone: Path, scratch: Path) -> dict[str, Taken]:
    """Run one round, and return the cost of each command."""
    taken: dict[str, Taken] = {}
    sample = clone / "tests" / "submissions" / ASSIGNMENT
    taken["uv sync"] = run("uv", "sync", "--quiet", cwd=clone, cache=scratch / "demo")

    began, first = time.perf_counter(), []

    def note(line: str) -> None:
        if re.match(r"\w+ +\d+ of \d+ ", line):
            first.append(time.perf_counter() - began)

    taken["demo"] = run("uv", "run", "autograder", "demo", cwd=clone, cache=scratch / "demo", on_line=note)
    taken["demo: first verdict"] = Taken(first[0], NOT_MEASURED, taken["demo"].pace)

    def autograder(*words: str) -> Taken:
        return run(str(clone / ".venv" / "bin" / "autograder"), *words, cwd=scratch, cache=scratch / "cold")

    for name, student in (("grade, cold", RIGHT), ("grade, warm", SECOND), ("grade, many mistakes", WRONG)):
        taken[name] = autograder("grade", ASSIGNMENT, str(sample / f"{student}.ipynb"))
    shutil.rmtree(scratch / "cold")
    taken["release"] = autograder("release", ASSIGNMENT)
    taken["--help"] = autograder("--help")
    return taken


def main() -> None:
    rounds: list[dict[str, Taken]] = []
    load = os.getloadavg()[0]
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            clone, scratch = Path(folder) / "clone", Path(folder) / "scratch"
            subprocess.run(["git", "clone", "--quiet", str(paths.ROOT), str(clone)], check=True)
            scratch.mkdir()
            rounds.append(play(clone, scratch))
    medians = {
        name: Taken(*(round(statistics.median(getattr(costs[name], kind) for costs in rounds), 2) for kind in KINDS))
        for name in rounds[0]
    }
    steady = {
        name: statistics.median(costs[name].steady(kind) for costs in rounds) for name, (kind, _) in TARGETS.items()
    }
    figures = {
        "rounds": ROUNDS,
        "targets": {name: {kind: most} for name, (kind, most) in TARGETS.items()},
        "at the constant pace": {name: {kind: steady[name]} for name, (kind, _) in TARGETS.items()},
        "medians": {name: _plain(taken) for name, taken in medians.items()},
        "all": [{name: _plain(taken) for name, taken in costs.items()} for costs in rounds],
    }
    report.write("first_minute", figures, load=load)
    for name, taken in medians.items():
        used = "" if math.isnan(taken.processor) else f"{taken.processor:7.2f} CPU s"
        print(f"{name:<20} {taken.seconds:7.2f} s  {used:<14}  pace {taken.pace:4.2f}", end="")
        if name in TARGETS:
            kind, most = TARGETS[name]
            unit = "CPU s" if kind == "processor" else "s"
            print(f"  at the constant pace {steady[name]:7.2f} {unit}, target {most:g}", end="")
        print()


def _plain(taken: Taken) -> dict[str, float]:
    return {kind: round(value, 2) for kind, value in asdict(taken).items() if not math.isnan(value)}


def _downloads() -> str:
    """The folder of the packages that uv has downloaded."""
    return subprocess.run(["uv", "cache", "dir"], capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    main()
