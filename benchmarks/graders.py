"""The same notebooks graded by nbgrader, by Otter-Grader and by this kit.

    uv run --with otter-grader==7.0.0 python -m benchmarks.graders --rounds 3

The three take turns, so that a busy moment of the machine hits all alike. nbgrader and Otter run the checks in the
student's kernel, on the same cases and draws, with the same comparison: what the kit keeps hidden is public there.

A figure is what one more notebook costs in a class: what the command took for it, less what it takes without it, and a
thirtieth of that, which a class of thirty shares. Otter starts anew for each notebook. Of the programs that the kit
compiles it has those of the sample class, this one's author left out; its right values are on disk.
Processor seconds are those of the command and all its descendants, memory is that of the largest of them.
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
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

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
TIMEOUT = 60  # seconds a cell, for the other two, which have no limit of processor time
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
AUTHORS = {"JAX": "ada", "NumPy": "bilal", "plain loops": "chiara", "partly wrong": "goran"}
STYLES = ("compiled JAX", "JAX", "NumPy", "plain loops", "partly wrong", "hanging")
START = "start"
CLASS = 30

type Taken = tuple[float, float, float]
"""Processor seconds, seconds, and memory in MB."""
type Grade = Callable[[str], Taken]
"""Grades a notebook, by its style; what it takes in a class."""


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
        course.release(assignment, root / "release")
        notebooks = sample(root, assignment)
        graders = {
            "nbgrader": nbgrader(root, assignment, notebooks),
            "otter": otter(root, assignment, notebooks),
            "kit": kit(root, assignment, notebooks),
        }
        costs = []
        for number in range(rounds):
            for style in STYLES:
                for grader, grade in graders.items():
                    cost = Cost(grader, style, *grade(style))
                    console.print(f"round {number + 1}: {cost.grader}, {style}: {cost.processor_seconds:.1f} s")
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
        title="Processor seconds for one more notebook in a class (median)",
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
    """Notebooks of different styles, by style, and the one that was released."""
    released = nbformat.read(root / "release" / assignment.name / f"{assignment.name}.ipynb", as_version=4)
    answers = paths.SAMPLE_CLASS / "answers" / assignment.name
    texts = {style: fill_in(released, (answers / f"{name}.py").read_text()) for style, name in AUTHORS.items()}
    solution = build.solution_notebook(assignment)
    texts = {"compiled JAX": nbformat.writes(solution)} | texts
    last = assignment.exercises[-2].name
    texts["hanging"] = nbformat.writes(_with(solution, last, HANGING))
    texts[START] = nbformat.writes(released)
    folder = root / "notebooks"
    folder.mkdir()
    written = {style: folder / f"{style.replace(' ', '_')}.ipynb" for style in texts}
    for style, path in written.items():
        path.write_text(texts[style], encoding="utf-8")
    return written


def kit(root: Path, assignment: Assignment, notebooks: dict[str, Path]) -> Grade:
    """`autograder grade`, in a course that is there already."""
    course.open_course(root / "kit", [assignment])
    caches = root / "caches"

    def take(*handed_in: Path, cache: Path) -> Taken:
        used = root / "kit-used"
        shutil.rmtree(used, ignore_errors=True)
        shutil.copytree(root / "kit", used)
        for notebook in handed_in:
            hand_in(notebook, assignment, used, notebook.stem)
        command = ["autograder", "grade", assignment.name, "--course", used, "--jobs", "1"]
        return measured(command, cwd=root, environment={"XDG_CACHE_HOME": str(cache)})

    for style in STYLES:
        folder = paths.SAMPLE_CLASS / assignment.name
        take(*(path for path in folder.glob("*.ipynb") if path.stem != AUTHORS.get(style)), cache=caches / style)

    def grade(style: str) -> Taken:
        with tempfile.TemporaryDirectory() as own:
            cache = Path(own, "cache")
            shutil.copytree(caches / style, cache)
            start = take(notebooks[START], cache=cache)
            return in_a_class(take(notebooks[START], notebooks[style], cache=cache), start)

    return grade


def nbgrader(root: Path, assignment: Assignment, notebooks: dict[str, Path]) -> Grade:
    """`nbgrader autograde`, as it comes."""
    stock = root / "nbgrader"
    source = stock / "source" / assignment.name
    everything_visible(assignment, source)
    nbformat.write(build.source_notebook(assignment), source / f"{assignment.name}.ipynb")
    (stock / "nbgrader_config.py").write_text(STOCK)
    measured(["nbgrader", "generate_assignment", assignment.name], cwd=stock)

    def take(*styles: str) -> Taken:
        for folder in ("submitted", "autograded"):
            shutil.rmtree(stock / folder, ignore_errors=True)
        for style in styles:
            hand_in(notebooks[style], assignment, stock, style)
        return measured(["nbgrader", "autograde", assignment.name], cwd=stock)

    def grade(style: str) -> Taken:
        return in_a_class(take(style), take())

    return grade


def otter(root: Path, assignment: Assignment, notebooks: dict[str, Path]) -> Grade:
    """`otter run`, without a container."""
    folder = root / "otter"
    everything_visible(assignment, folder)
    (folder / "tests").mkdir()
    for exercise in assignment.exercises:
        if isinstance(exercise, Exercise):
            test = OTTER_TEST.format(name=exercise.name, points=exercise.points)
            (folder / "tests" / f"{exercise.name}.py").write_text(test)
    files = ["selfcheck", f"{assignment.name}.json"]
    measured(["otter", "generate", "-t", "tests", "--no-environment", *files], cwd=folder)

    def grade(style: str) -> Taken:
        with tempfile.TemporaryDirectory() as own:
            here = Path(own)
            shutil.copy(notebooks[style], here / f"{assignment.name}.ipynb")
            command = ["otter", "run", "-a", folder / "autograder.zip", "-o", here, here / f"{assignment.name}.ipynb"]
            return measured(command, cwd=here)

    return grade


def in_a_class(taken: Taken, start: Taken) -> Taken:
    """What one more notebook takes in a class that shares the start."""
    processor, seconds = (one - less + less / CLASS for one, less in zip(taken[:2], start[:2], strict=True))
    return round(processor, 2), round(seconds, 2), taken[2]


def hand_in(notebook: Path, assignment: Assignment, folder: Path, student: str) -> None:
    """Put a notebook where a course has what students have handed in."""
    own = folder / "submitted" / student.replace(" ", "_") / assignment.name
    own.mkdir(parents=True)
    shutil.copy(notebook, own / f"{assignment.name}.ipynb")


def everything_visible(assignment: Assignment, folder: Path) -> None:
    """Write what lies beside the notebook, with every case that the kit tries among the public ones."""
    visible = tuple(_visible(one) if isinstance(one, Exercise) else one for one in assignment.exercises)
    build.write_bundle(replace(assignment, exercises=visible), folder)


def measured(command: list[str | Path], *, cwd: Path, environment: Mapping[str, str] = MappingProxyType({})) -> Taken:
    """What a command and its descendants took."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(command, cwd=cwd, stdout=printed, stderr=printed, env=os.environ | dict(environment))
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        said = printed.read().decode(errors="replace")
    # nbgrader ends with an error where a notebook hangs, or there is none; anything else would be a mistake of ours.
    if process.returncode and not any(known in said for known in ("Timeout", "timed out", "No notebooks were matched")):
        sys.exit(f"{' '.join(map(str, command))}\n{said[-3000:]}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - started, round(usage.ru_maxrss / 1024)


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
