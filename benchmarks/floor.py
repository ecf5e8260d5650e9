"""The cost of one more notebook of a class, beside the floor: the student's own code alone.

    uv run python -m benchmarks.floor

The floor is what no grader can save. One plain Python process has imported the libraries and finds all compiled
programs in JAX's cache. It runs the same cells as the kit and makes the same calls, one case after the other. It
isolates nothing, judges nothing and writes nothing. JAX has its default settings.

The kit's cost is that of `autograder grade`, with all its descendants, for a class with copies of the notebook, minus
that for the first copy alone, divided by the number of further copies. So a class shares the start, and the first copy
has compiled what is compiled. Both take turns. All figures are processor seconds on one core, at a steady pace (see
`watching`). The target is 1.25 times the floor and half a second.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
from rich.console import Console
from rich.table import Column, Table

from autograder import exercises, paths
from autograder.course.release import open_course
from autograder.exercises import Assignment
from autograder.notebooks import build, released
from autograder.submissions.read import read_work

from . import report
from .graders import COMPILED, hand_in
from .watching import pace, use_one_core, watch

COPIES = 3
FACTOR, SECONDS = 1.25, 0.5
STYLES = {
    "JAX": "ada",
    "NumPy": "bilal",
    "Python loops": "chiara",
}
"""The styles of students of the sample class. Some write one exercise or the other in another style."""


@dataclass(frozen=True)
class Cost:
    """The floor and the kit's cost of one notebook in one round, in processor seconds at `watching.PACE`."""

    assignment: str
    style: str
    floor: float
    kit: float


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare the cost of a notebook with that of its own code alone.")
    parser.add_argument("assignments", nargs="*", default=list(paths.ASSIGNMENTS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--once", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.once:
        print(own_code(exercises.load(*arguments.assignments), arguments.once))
        return
    use_one_core()
    console = Console()
    for name in arguments.assignments:
        costs, load = [], os.getloadavg()[0]
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            styles = prepare(exercises.load(name), folder)
            for _ in range(arguments.rounds):
                for style in styles:
                    cost = Cost(name, style, floor(name, style, folder), kit(name, style, folder))
                    console.print(f"{name}, {style}: floor {cost.floor:.2f}, kit {cost.kit:.2f}")
                    costs.append(cost)
        rows = medians(costs)
        figures = {"medians": rows, "costs": [asdict(cost) for cost in costs]}
        report.write("floor", figures, part=name, load=load, libraries=("jax", "genjax", "numpy"))
        console.print(table(rows))


def prepare(assignment: Assignment, folder: Path) -> list[str]:
    """Write the notebooks of an assignment, a course, and warm caches. Return the styles."""
    (folder / "notebooks").mkdir(parents=True)
    texts = {COMPILED: nbformat.writes(build.solution_notebook(assignment))}
    for style, author in STYLES.items():
        path = paths.SAMPLE_CLASS / assignment.name / f"{author}.ipynb"
        if path.exists():
            texts[style] = path.read_text(encoding="utf-8")
    for style, text in texts.items():
        _notebook(folder, style).write_text(text, encoding="utf-8")
    build.write_bundle(assignment, folder / "bundle")
    open_course(folder / "course", [assignment])
    for style in texts:
        floor(assignment.name, style, folder)
        graded(assignment.name, style, folder, copies=1)
    return list(texts)


def floor(name: str, style: str, folder: Path) -> float:
    """The processor seconds of the student's own code, in a process of its own."""
    environment = os.environ | {
        "JAX_COMPILATION_CACHE_DIR": str(folder / "jax"),
        "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
        "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
        "MPLBACKEND": "agg",
        "PYTHONPATH": os.pathsep.join([str(paths.ROOT), str(folder / "bundle")]),
    }
    command = [sys.executable, "-m", "benchmarks.floor", name, "--once", str(_notebook(folder, style))]
    done = subprocess.run(command, cwd=folder / "bundle", env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stderr)
    return float(done.stdout.split()[-1])


def own_code(assignment: Assignment, notebook: Path) -> float:
    """Run the cells of a notebook in this process, and make the calls of every case. Return the processor seconds."""
    import genjax  # noqa: F401 — loaded before the clock starts, as all libraries
    import jax
    import matplotlib.pyplot  # noqa: F401
    import scipy.stats  # noqa: F401
    import selfcheck  # noqa: F401 # pyright: ignore[reportMissingImports] — lies beside the notebook

    jax.block_until_ready(jax.jit(lambda x: x + 1)(jax.numpy.zeros(1)))
    work = read_work(notebook, released.read(build.source_notebook(assignment)))
    calls = [
        (exercise, case, exercise.aspect_of(case).probe, case.arguments(0))
        for exercise in assignment.graded
        for case in exercise.cases
    ]
    before, started = pace(), time.process_time()
    names: dict[str, object] = {"__name__": "__main__"}
    for cell in work.cells:
        if cell.grade_id == build.INSTALL:  # it gets what lies beside the notebook
            continue
        exec(compile(cell.source, f"cell {cell.number}", "exec"), names)
    for exercise, case, probe, args in calls:
        try:
            probe(names[exercise.name], args)  # pyright: ignore[reportArgumentType]
        except Exception as error:
            raise RuntimeError(f"{exercise.name}, {case.name}") from error
    seconds = time.process_time() - started
    return seconds * statistics.fmean([before, pace()])


def kit(name: str, style: str, folder: Path) -> float:
    """The kit's processor seconds for one more copy of the notebook."""
    one, several = (graded(name, style, folder, copies=copies) for copies in (1, 1 + COPIES))
    return (several - one) / COPIES


def graded(name: str, style: str, folder: Path, *, copies: int) -> float:
    """The processor seconds of grading some copies of a notebook, with warm caches."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        course = shutil.copytree(folder / "course", Path(scratch, "course"))
        for number in range(copies):
            hand_in(_notebook(folder, style), exercises.load(name), course, f"student{number}")
        watched = watch(
            [sys.executable, "-m", "autograder", "grade", name, "--course", course, "--jobs", "1"],
            environment=os.environ | {"XDG_CACHE_HOME": str(folder / "cache")},
        )
    if watched.exit_status:
        sys.exit(watched.printed[-3000:])
    return watched.steady_seconds


def medians(costs: list[Cost]) -> list[dict[str, object]]:
    """For each notebook the median floor, the median cost of the kit, and the most that the target allows."""
    found = []
    for name, style in dict.fromkeys((cost.assignment, cost.style) for cost in costs):
        own = [cost for cost in costs if (cost.assignment, cost.style) == (name, style)]
        lowest, kits = (statistics.median(values) for values in zip(*((c.floor, c.kit) for c in own), strict=True))
        target = FACTOR * lowest + SECONDS
        figures = {"floor": round(lowest, 2), "kit": round(kits, 2), "target": round(target, 2)}
        found.append({"assignment": name, "style": style, **figures, "met": kits <= target})
    return found


def table(rows: list[dict[str, object]]) -> Table:
    """A table of the medians."""
    shown = Table(
        "assignment", "style", *(Column(title, justify="right") for title in ("floor", "kit", "target")), "met"
    )
    for row in rows:
        met = "yes" if row["met"] else "NO"
        shown.add_row(*map(str, (row["assignment"], row["style"], row["floor"], row["kit"], row["target"], met)))
    return shown


def _notebook(folder: Path, style: str) -> Path:
    return folder / "notebooks" / f"{style.replace(' ', '_')}.ipynb"


if __name__ == "__main__":
    main()
