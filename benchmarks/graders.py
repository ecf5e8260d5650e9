"""Grade the same notebooks with nbgrader, with Otter-Grader and with this kit, and compare the costs.

    uv run --with otter-grader==7.0.0 python -m benchmarks.graders

The three graders take turns, so that a busy moment of the machine affects all of them. nbgrader and Otter run the
checks in the student's kernel, on the same cases and draws, with the same comparison. There, the kit's hidden cases are
public, and JAX compiles with its default settings.

Each figure is the cost of one more notebook in a class: the cost of the command with the notebook, minus its cost
without a notebook, plus a thirtieth of that, because a class of thirty shares the start. Otter starts again for each
notebook. For the kit, three students hand in the same notebook, so that variations of the start matter less. The kit's
caches hold the programs of other students of the sample class, but not of these authors, and the right values.

Processor seconds and memory are those of the command and all its descendants, on one core, at a steady pace (see
`watching`).
"""

import argparse
import copy
import os
import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import nbformat
from nbformat import NotebookNode
from rich.console import Console
from rich.table import Column, Table

from autograder import exercises, paths
from autograder.course.release import open_course, write_release
from autograder.exercises import Assignment, Exercise
from autograder.notebooks import build

from . import report
from .watching import use_one_core, watch

HANGING = "\n    while True:\n        pass\n"
TIMEOUT = 60  # wall-clock seconds per cell, for nbgrader, which cannot limit processor time; Otter has no limit
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
COMPILED, LOOPS, HANGS, START = "compiled JAX", "loops over JAX numbers", "hanging", "start"
# The styles of students of the sample class. Notebooks with draws take nbgrader and Otter minutes, so these assignments
# have a few.
AUTHORS = {
    "em": {"JAX": "ada", "NumPy": "bilal", "loops over Python numbers": "chiara", "partly wrong": "goran"},
    "bayesian_gmm": {"JAX": "ada", "NumPy": "bilal"},
    "gibbs_sampling": {"JAX": "ada", "NumPy": "bilal"},
}
# The scripts with slow loops. These assignments also have the solution, and a notebook that hangs.
LOOPING = {"em": Path(__file__).with_name("naive_em.py")}
CLASS, COPIES = 30, 3

LIBRARIES = ("nbgrader", "otter-grader", "jax", "genjax")
FIGURES = ("processor_seconds", "seconds", "memory_mb")

type Taken = tuple[float, float, float]
"""Processor seconds at `watching.PACE`, seconds, and memory in MB."""
type Grade = Callable[[str], Taken]
"""Grades the notebook of a style, and returns its cost in a class."""


@dataclass(frozen=True)
class Cost:
    """The cost of grading one notebook with one grader; processor seconds at `watching.PACE`."""

    assignment: str
    grader: str
    notebook: str
    processor_seconds: float
    seconds: float
    memory_mb: float


def main() -> None:
    parser = argparse.ArgumentParser(description="Grade the same notebooks with nbgrader, Otter and the kit.")
    parser.add_argument("assignments", nargs="*", default=list(AUTHORS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--notebooks", nargs="+", metavar="STYLE", help="only these; all by default")
    arguments = parser.parse_args()
    console = Console()
    use_one_core()
    for name in arguments.assignments:
        costs, load = [], os.getloadavg()[0]
        for of_a_round in compared(exercises.load(name), arguments.rounds, arguments.notebooks, console):
            costs += of_a_round
            rows = medians(costs)
            figures = {"medians": rows, "costs": [asdict(cost) for cost in costs]}
            report.write("graders", figures, part=name, load=load, libraries=LIBRARIES)
            console.print(table(rows))


def compared(
    assignment: Assignment, rounds: int, wanted: Collection[str] | None, console: Console
) -> Iterator[list[Cost]]:
    """Grade each notebook of an assignment with each of the three graders, in turns. Yields the costs of each round."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch)
        write_release(assignment, root / "release")
        notebooks = sample(root, assignment)
        graders = {
            "nbgrader": nbgrader(root, assignment, notebooks),
            "otter": otter(root, assignment, notebooks),
            "kit": kit(root, assignment, notebooks),
        }
        for number in range(rounds):
            costs = []
            for style in (name for name in notebooks if name != START and name in (wanted or notebooks)):
                for grader, grade in graders.items():
                    if (grader, style) == ("otter", HANGS):
                        continue  # Otter would never end
                    cost = Cost(assignment.name, grader, style, *grade(style))
                    console.print(f"{assignment.name}, round {number + 1}: {grader}, {style}: {cost}")
                    costs.append(cost)
            yield costs


def medians(costs: list[Cost]) -> list[dict[str, Any]]:
    """For each notebook: the median figures of each grader over the rounds, and their ratios to the kit's."""
    found = []
    for assignment, notebook in dict.fromkeys((cost.assignment, cost.notebook) for cost in costs):
        row: dict[str, Any] = {"assignment": assignment, "notebook": notebook}
        own = [cost for cost in costs if (cost.assignment, cost.notebook) == (assignment, notebook)]
        for grader in dict.fromkeys(cost.grader for cost in own):
            row[grader] = {
                figure: statistics.median(getattr(cost, figure) for cost in own if cost.grader == grader)
                for figure in FIGURES
            }
        for grader in (name for name in ("nbgrader", "otter") if name in row):
            ratios = {figure: row[grader][figure] / row["kit"][figure] for figure in FIGURES}
            row[f"{grader} to kit"] = {figure: round(ratio, 1) for figure, ratio in ratios.items()}
        found.append(row)
    return found


def table(rows: list[dict[str, Any]]) -> Table:
    """A table of the medians over the rounds, and of the ratios to the kit."""
    shown = Table(
        "assignment",
        "notebook",
        *(Column(title, justify="right") for title in ("nbgrader", "otter", "kit", "nbgrader to kit", "otter to kit")),
        title="One more notebook in a class (median): CPU s, s, MB",
        title_justify="left",
    )
    for row in rows:
        figures = [
            " ".join(f"{row[grader][figure]:.1f}" for figure in FIGURES) if grader in row else "does not end"
            for grader in ("nbgrader", "otter", "kit")
        ]
        ratios = [
            f"{row[f'{grader} to kit']['processor_seconds']:.1f}" if grader in row else "–"
            for grader in ("nbgrader", "otter")
        ]
        shown.add_row(row["assignment"], row["notebook"], *figures, *ratios)
    return shown


def sample(root: Path, assignment: Assignment) -> dict[str, Path]:
    """Notebooks by style, and the released notebook as `START`."""
    released = nbformat.read(root / "release" / assignment.name / f"{assignment.name}.ipynb", as_version=4)
    solution = build.solution_notebook(assignment)
    texts = {}
    for style, author in AUTHORS[assignment.name].items():
        texts[style] = (paths.SAMPLE_CLASS / assignment.name / f"{author}.ipynb").read_text(encoding="utf-8")
    if looping := LOOPING.get(assignment.name):
        texts[COMPILED] = nbformat.writes(solution)
        texts[LOOPS] = _answered(solution, looping.read_text())
        texts[HANGS] = nbformat.writes(_with(solution, assignment.exercises[-2].name, HANGING))
    texts[START] = nbformat.writes(released)
    folder = root / "notebooks"
    folder.mkdir()
    written = {style: folder / f"{style.replace(' ', '_')}.ipynb" for style in texts}
    for style, path in written.items():
        path.write_text(texts[style], encoding="utf-8")
    return written


def kit(root: Path, assignment: Assignment, notebooks: dict[str, Path]) -> Grade:
    """`autograder grade`, in an existing course."""
    open_course(root / "kit", [assignment])

    def take(*handed_in: Path, cache: Path) -> Taken:
        used = root / "kit-used"
        shutil.rmtree(used, ignore_errors=True)
        shutil.copytree(root / "kit", used)
        for number, notebook in enumerate(handed_in):
            hand_in(notebook, assignment, used, f"{notebook.stem}{number}")
        command = ["autograder", "grade", assignment.name, "--course", used, "--jobs", "1"]
        return measured(command, cwd=root, environment={"XDG_CACHE_HOME": str(cache)})

    authors = AUTHORS[assignment.name].values()
    others = [path for path in (paths.SAMPLE_CLASS / assignment.name).glob("*.ipynb") if path.stem not in authors]
    take(*others, cache=root / "cache")

    def start_and(*more: Path) -> Taken:
        with tempfile.TemporaryDirectory() as own:
            return take(notebooks[START], *more, cache=shutil.copytree(root / "cache", Path(own, "cache")))

    return in_a_class(lambda style: start_and(*[notebooks[style]] * COPIES), start_and, copies=COPIES)


def nbgrader(root: Path, assignment: Assignment, notebooks: dict[str, Path]) -> Grade:
    """`nbgrader autograde`, with its default settings."""
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

    return in_a_class(take, take)


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


def in_a_class(take: Grade, start: Callable[[], Taken], *, copies: int = 1) -> Grade:
    """The cost of one more notebook in a class that shares the start. The start is the median of all starts."""
    starts: list[Taken] = []

    def grade(style: str) -> Taken:
        starts.append(start())
        taken = take(style)
        less = [statistics.median(figures) for figures in zip(*starts, strict=True)]
        pairs = zip(taken[:2], less[:2], strict=True)
        processor, seconds = ((all_of_it - begun) / copies + begun / CLASS for all_of_it, begun in pairs)
        return round(processor, 2), round(seconds, 2), taken[2]

    return grade


def hand_in(notebook: Path, assignment: Assignment, folder: Path, student: str) -> None:
    """Put a notebook into a course's folder of submissions."""
    own = folder / "submitted" / student.replace(" ", "_") / assignment.name
    own.mkdir(parents=True)
    shutil.copy(notebook, own / f"{assignment.name}.ipynb")


def everything_visible(assignment: Assignment, folder: Path) -> None:
    """Write the files beside the notebook, with the kit's hidden cases as public ones."""
    visible = tuple(
        _visible(exercise) if isinstance(exercise, Exercise) else exercise for exercise in assignment.exercises
    )
    build.write_bundle(replace(assignment, exercises=visible), folder)
    # The other graders run JAX with its own settings: the kit's quick compilation is not theirs.
    (folder / "selfcheck" / "settings.py").write_text("def use(): ...\n")


def measured(command: list[str | Path], *, cwd: Path, environment: Mapping[str, str] = MappingProxyType({})) -> Taken:
    """The cost of a command and its descendants."""
    # Without this variable, Python keeps compiled modules instead of compiling the libraries at every start.
    stock = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    watched = watch(command, cwd=cwd, environment=stock | dict(environment))
    # nbgrader ends with an error if a notebook hangs, or if there is no notebook. Other errors are the benchmark's.
    expected = ("Timeout", "timed out", "No notebooks were matched")
    if watched.exit_status and not any(text in watched.printed for text in expected):
        sys.exit(f"{' '.join(map(str, command))}\n{watched.printed[-3000:]}")
    return watched.steady_seconds, watched.seconds, watched.together_mb


def _visible(exercise: Exercise) -> Exercise:
    aspects = tuple(
        replace(aspect, visible={**aspect.visible, **aspect.hidden}, hidden={}, exception="the others hide nothing")
        for aspect in exercise.aspects
    )
    return replace(exercise, aspects=aspects)


def _answered(notebook: NotebookNode, script: str) -> str:
    """A notebook's text with the answers of a script, in which `# %% NAME` is above each answer."""
    changed = copy.deepcopy(notebook)
    _, *parts = re.split(r"^# %% (\w+)$", script, flags=re.MULTILINE)
    answers = dict(zip(parts[::2], parts[1::2], strict=True))
    for cell in changed.cells:
        cell.source = answers.get(cell.id, cell.source).strip()
    return nbformat.writes(changed)


def _with(notebook: NotebookNode, name: str, body: str) -> NotebookNode:
    """The notebook with a function that has only this body."""
    changed = copy.deepcopy(notebook)
    for cell in changed.cells:
        if cell.id == name:
            start = cell.source.index(f"def {name}")
            cell.source = cell.source[: cell.source.index(":", cell.source.index(")", start)) + 1] + body
    return changed


if __name__ == "__main__":
    main()
