"""The cost of the checks of draws, in processor seconds: for compiled samplers, and for loops in plain Python.

    uv run python -m benchmarks.samplers

Functions run in a student's process as in grading, with every case of every exercise that has random results.
"Compiled" are the solutions, whose samplers use `lax.scan`. "Loops" are the same samplers as Python loops over the
draws; `seconds_of_2000_draws` is their own time.
"""

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Column, Table

from autograder import exercises
from autograder.exercises import Assignment, Exercise, distributions
from autograder.grading import run
from autograder.notebooks import build, released
from autograder.sandbox.replies import KeptSession, Replies
from autograder.sandbox.sandbox import Sandbox
from autograder.student.selfcheck.outcomes import Failure, Returned
from autograder.student.selfcheck.values import Key
from autograder.submissions.cells import Cell, Work
from autograder.submissions.read import read_work
from reference.data import BENTOS, COFFEES

from . import report

LOOPS = (Path(__file__).parent / "naive_loops.py").read_text(encoding="utf-8")
CLOCK = "import time\ndef processor_seconds():\n    return time.process_time()\n"
SAMPLERS: dict[str, tuple[str, Callable[[int], tuple[Any, ...]]]] = {
    "gibbs_sampling": ("gibbs", lambda n: (Key(1), BENTOS, distributions.BENTO_PRIOR, n)),
    "coffee": ("fit_coffee", lambda n: (Key(1), COFFEES, n)),
}


@dataclass(frozen=True)
class Cost:
    """Processor seconds of the random cases of one exercise, and whether they passed."""

    assignment: str
    style: str
    exercise: str
    seconds: float
    passed: bool


def main() -> None:
    """Measure, print and write the results."""
    load, costs, loops = os.getloadavg()[0], [], {}
    for name in SAMPLERS:
        assignment = exercises.load(name)
        solution = solution_cells(assignment)
        costs += measure(assignment, "compiled", solution)
        sampler, _ = SAMPLERS[name]
        own = Cell(LOOPS, sampler, len(solution) + 1)
        loops[name] = seconds_of_draws(assignment, own)
        costs += measure(assignment, "loops", (*solution, own), only=sampler)
    figures = {"seconds_of_2000_draws": loops, "costs": [asdict(cost) for cost in costs]}
    report.write("samplers", figures, load=load, libraries=("jax", "numpy"))
    console = Console()
    console.print(table(costs))
    for name, seconds in loops.items():
        console.print(f"{name}: 2000 draws of the loop take {seconds:.0f} s")


def solution_cells(assignment: Assignment) -> tuple[Cell, ...]:
    """The code cells of the solution notebook."""
    notebook = build.solution_notebook(assignment)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{assignment.name}.ipynb"
        path.write_text(json.dumps(notebook), encoding="utf-8")
        return read_work(path, released.read(build.source_notebook(assignment))).cells


def measure(assignment: Assignment, style: str, cells: tuple[Cell, ...], only: str | None = None) -> list[Cost]:
    """The cost of each exercise that has random cases."""
    costs = []
    with opened(assignment, cells) as session:
        for exercise in assignment.exercises:
            random = isinstance(exercise, Exercise) and any(case.seeded for case in exercise.cases)
            if not random or (only and exercise.name != only):
                continue
            assert isinstance(exercise, Exercise)
            before = clock(session)
            tried = [run.try_case(exercise, case, session) for case in exercise.cases if case.seeded]
            costs.append(
                Cost(
                    assignment.name,
                    style,
                    exercise.name,
                    round(clock(session) - before, 2),
                    all(trial.passed for trial in tried),
                )
            )
    return costs


def seconds_of_draws(assignment: Assignment, cell: Cell) -> float:
    """The seconds that the loop alone takes for 2000 draws."""
    name, args = SAMPLERS[assignment.name]
    with opened(assignment, (cell,)) as session:
        before = clock(session)
        reply = session.call(name, args(2000), cpu_seconds=300)
        if isinstance(reply, Failure):
            raise RuntimeError(f"{name} {reply.detail}")
        return round(clock(session) - before, 1)


@contextmanager
def opened(assignment: Assignment, cells: tuple[Cell, ...]) -> Iterator[KeptSession]:
    """A session with these cells, in its own sandbox."""
    clock_cell = Cell(CLOCK, None, len(cells) + 1)
    with tempfile.TemporaryDirectory() as folder:
        build.write_bundle(assignment, Path(folder))
        with (
            Sandbox(bundle=Path(folder), preload=assignment.libraries) as sandbox,
            KeptSession(sandbox, Work((*cells, clock_cell), ()), (), Replies()) as session,
        ):
            yield session


def clock(session: KeptSession) -> float:
    """The processor time that the student's process has used."""
    reply = session.call("processor_seconds", (), cpu_seconds=10)
    assert isinstance(reply, Returned)
    return float(np.asarray(reply.value))


def table(costs: list[Cost]) -> Table:
    """The costs, with a total for each assignment."""
    shown = Table(
        Column("assignment"), Column("style"), Column("exercise"), Column("CPU seconds", justify="right"), "passed"
    )
    for cost in costs:
        shown.add_row(cost.assignment, cost.style, cost.exercise, f"{cost.seconds:.1f}", "yes" if cost.passed else "no")
    for name, style in dict.fromkeys((cost.assignment, cost.style) for cost in costs):
        total = sum(cost.seconds for cost in costs if (cost.assignment, cost.style) == (name, style))
        shown.add_row(name, style, "[bold]all", f"[bold]{total:.1f}")
    return shown


if __name__ == "__main__":
    main()
