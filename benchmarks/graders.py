"""The same notebooks graded by nbgrader, by Otter-Grader and by this kit.

    uv run --with otter-grader==7.0.0 python -m benchmarks.graders --rounds 3

The three take turns, so that a busy moment of the machine hits all alike. nbgrader and the kit grade a class of
copies of each notebook, and start up once for it; Otter starts once for each notebook. nbgrader and Otter run
the checks in the student's kernel, on the same cases and draws, with the same comparison: what the kit keeps
hidden is public there. The kit has been used before: its right values are on disk. Processor seconds are those of
the command and all its descendants, memory is that of the largest of them.
"""

import argparse
import copy
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from rich.console import Console
from rich.table import Column, Table

from autograder import build, course, exercises, paths
from autograder.exercises import Assignment, Exercise
from tests.submissions.make import fill_in

RESULTS = Path(__file__).parent / "results" / "graders.json"
ASSIGNMENT = "em"
HANGING = "\n    while True:\n        pass\n"
TIMEOUT = 120  # seconds a cell, for the other two, which have no limit of processor time
STOCK = f"""
c = get_config()
c.CourseDirectory.course_id = "stock"
c.Execute.timeout = {TIMEOUT}
"""
OTTER_TEST = """
from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = {points}


@test_case()
def test_{name}(env):
    env["check"]({name!r}, env[{name!r}])
"""
TARGETS = {"compiled JAX": 10, "JAX": 10, "NumPy": 10, "plain loops": 3}


COPIES = {"nbgrader": 1, "otter": 1, "kit": 4}

type Grade = Callable[[Path, int], tuple[float, float, float]]
"""Grades copies of a notebook; processor seconds and seconds for each of them, and memory in MB."""


@dataclass(frozen=True)
class Cost:
    """What one grader took for one notebook."""

    grader: str
    notebook: str
    processor_seconds: float
    seconds: float
    memory_mb: float


def main() -> None:
    arguments = argparse.ArgumentParser(description="Grade the same notebooks with nbgrader, Otter and the kit.")
    arguments.add_argument("--rounds", type=int, default=3)
    rounds = arguments.parse_args().rounds
    assignment = exercises.load(ASSIGNMENT)
    console = Console()
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        graders = {
            "nbgrader": nbgrader(root, assignment),
            "otter": otter(root, assignment),
            "kit": kit(root, assignment),
        }
        notebooks = sample(root, assignment)
        graders["kit"](notebooks["NumPy"], 1)  # computes the right values, once for this version
        costs = []
        for number in range(rounds):
            for name, path in notebooks.items():
                for grader, grade in graders.items():
                    cost = Cost(grader, name, *grade(path, COPIES[grader]))
                    console.print(f"round {number + 1}: {cost.grader}, {name}: {cost.processor_seconds:.1f} s")
                    costs.append(cost)
    report = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": f"uv run --with otter-grader==7.0.0 python -m benchmarks.graders --rounds {rounds}",
        "machine": f"{platform.platform()}, {os.cpu_count()} cores",
        "versions": {name: version(name) for name in ("nbgrader", "otter-grader", "jax", "genjax")},
        "costs": [asdict(cost) for cost in costs],
    }
    RESULTS.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    console.print(table(costs))


def table(costs: list[Cost]) -> Table:
    """Medians over the rounds, and the ratios to the kit."""
    shown = Table(
        "notebook",
        *(Column(title, justify="right") for title in ("nbgrader", "otter", "kit", "CPU ratio", "", "wall", "MB")),
        title="Processor seconds a notebook (median)",
        title_justify="left",
    )
    for notebook in dict.fromkeys(cost.notebook for cost in costs):

        def median(grader: str, figure: str, notebook: str = notebook) -> float:
            own = [one for one in costs if (one.grader, one.notebook) == (grader, notebook)]
            return statistics.median(getattr(one, figure) for one in own)

        seconds = {grader: median(grader, "processor_seconds") for grader in ("nbgrader", "otter", "kit")}
        shown.add_row(
            notebook,
            *(f"{one:.1f}" for one in seconds.values()),
            f"{seconds['nbgrader'] / seconds['kit']:.1f}×",
            f"{seconds['otter'] / seconds['kit']:.1f}×",
            f"{median('kit', 'seconds'):.1f}",
            f"{median('kit', 'memory_mb'):.0f}",
        )
    return shown


def sample(root: Path, assignment: Assignment) -> dict[str, Path]:
    """A small class of different styles, by style."""
    released = nbformat.read(root / "release" / assignment.name / f"{assignment.name}.ipynb", as_version=4)
    answers = paths.SAMPLE_CLASS / "answers" / assignment.name
    by_style = {"JAX": "ada", "NumPy": "bilal", "plain loops": "chiara", "partly wrong": "goran"}
    texts = {style: fill_in(released, (answers / f"{name}.py").read_text()) for style, name in by_style.items()}
    solution = build.solution_notebook(assignment)
    texts = {"compiled JAX": nbformat.writes(solution)} | texts
    last = assignment.exercises[-2].name
    texts["hanging"] = nbformat.writes(_with(solution, last, HANGING))
    folder = root / "notebooks"
    folder.mkdir()
    written = {style: folder / f"{style.replace(' ', '_')}.ipynb" for style in texts}
    for style, path in written.items():
        path.write_text(texts[style], encoding="utf-8")
    return written


def kit(root: Path, assignment: Assignment) -> Grade:
    """`autograder grade`, in a course that is there already."""
    course.release(assignment, root / "release")
    course.open_course(root / "kit", [assignment])

    def grade(notebook: Path, copies: int) -> tuple[float, float, float]:
        used = root / "kit-used"
        shutil.rmtree(used, ignore_errors=True)
        shutil.copytree(root / "kit", used)
        hand_in(notebook, assignment, used, copies)
        command = ["autograder", "grade", assignment.name, "--course", used, "--jobs", "1"]
        return measured(command, cwd=root, copies=copies)

    return grade


def nbgrader(root: Path, assignment: Assignment) -> Grade:
    """`nbgrader autograde`, as it comes."""
    stock = root / "nbgrader"
    source = stock / "source" / assignment.name
    everything_visible(assignment, source)
    nbformat.write(build.source_notebook(assignment), source / f"{assignment.name}.ipynb")
    (stock / "nbgrader_config.py").write_text(STOCK)
    program = "nbgrader"
    measured([program, "generate_assignment", assignment.name], cwd=stock)

    def grade(notebook: Path, copies: int) -> tuple[float, float, float]:
        shutil.rmtree(stock / "submitted", ignore_errors=True)
        shutil.rmtree(stock / "autograded", ignore_errors=True)
        hand_in(notebook, assignment, stock, copies)
        return measured([program, "autograde", assignment.name], cwd=stock, copies=copies)

    return grade


def otter(root: Path, assignment: Assignment) -> Grade:
    """`otter run`, without a container."""
    folder = root / "otter"
    everything_visible(assignment, folder)
    (folder / "tests").mkdir()
    for exercise in assignment.exercises:
        if isinstance(exercise, Exercise):
            test = OTTER_TEST.format(name=exercise.name, points=exercise.points)
            (folder / "tests" / f"{exercise.name}.py").write_text(test)
    program = "otter"
    files = ["selfcheck", f"{assignment.name}.json"]
    measured([program, "generate", "-t", "tests", "--no-environment", *files], cwd=folder)

    def grade(notebook: Path, copies: int) -> tuple[float, float, float]:
        with tempfile.TemporaryDirectory() as own:
            here = Path(own)
            shutil.copy(notebook, here / f"{assignment.name}.ipynb")
            command = [program, "run", "-a", folder / "autograder.zip", "-o", here, here / f"{assignment.name}.ipynb"]
            return measured(command, cwd=here)

    return grade


def hand_in(notebook: Path, assignment: Assignment, folder: Path, copies: int) -> None:
    """Put copies of a notebook where a course has what students have handed in."""
    for number in range(copies):
        own = folder / "submitted" / f"student{number}" / assignment.name
        own.mkdir(parents=True)
        shutil.copy(notebook, own / f"{assignment.name}.ipynb")


def everything_visible(assignment: Assignment, folder: Path) -> None:
    """Write what lies beside the notebook, with every case that the kit tries among the public ones."""
    visible = tuple(_visible(one) if isinstance(one, Exercise) else one for one in assignment.exercises)
    build.write_bundle(replace(assignment, exercises=visible), folder)


def measured(command: list[str | Path], *, cwd: Path, copies: int = 1) -> tuple[float, float, float]:
    """What a command and its descendants took for each copy."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(command, cwd=cwd, stdout=printed, stderr=printed)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        said = printed.read().decode(errors="replace")
    # nbgrader ends with an error where a notebook hangs; anything else would be a mistake of ours.
    if process.returncode and "Timeout" not in said and "timed out" not in said:
        sys.exit(f"{' '.join(map(str, command))}\n{said[-3000:]}")
    processor, seconds = usage.ru_utime + usage.ru_stime, time.monotonic() - started
    return round(processor / copies, 2), round(seconds / copies, 2), round(usage.ru_maxrss / 1024)


def _visible(exercise: Exercise) -> Exercise:
    aspects = tuple(
        replace(aspect, cases=tuple(replace(case, visible=True) for case in aspect.cases))
        for aspect in exercise.aspects
    )
    return replace(exercise, aspects=aspects)


def _with(notebook: NotebookNode, name: str, body: str) -> NotebookNode:
    """The notebook with a function that does nothing but this."""
    changed = copy.deepcopy(notebook)
    for cell in changed.cells:
        if cell.id == name:
            start = cell.source.index(f"def {name}")
            cell.source = cell.source[: cell.source.index(":", cell.source.index(")", start)) + 1] + body
    return changed


if __name__ == "__main__":
    main()
