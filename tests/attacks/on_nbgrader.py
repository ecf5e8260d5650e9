"""The same attacks on plain nbgrader and on this kit.

    uv run python -m tests.attacks.on_nbgrader

The attacks are some of `tests/attacks`: those that aim at marks, secrets or persistence and are harmless without
isolation. For nbgrader, each attack is handed in by its own student in a course with one exercise, which has a locked
test cell and hidden tests. `nbgrader autograde` runs once, and the marks are read from nbgrader's gradebook. All
targets belong to the benchmark: files in temporary folders, listeners on this machine, processes that it ends
afterwards.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook
from rich.console import Console
from rich.table import Column, Table

from autograder.grading import results
from autograder.sandbox.sandbox import Sandbox
from tests.attacks import comparison, files, network, processes, reference
from tests.attacks.scene import WRONG, Attack, Gain, Scene, scene
from tests.attacks.target import LIMITS, TARGET, graded
from tests.autograder.toy import notebook

COMMAND = "uv run python -m tests.attacks.on_nbgrader"
RESULTS = Path(__file__).parents[2] / "benchmarks" / "results" / "attacks_on_nbgrader.json"
CONTROL = Attack(name="the wrong answer alone", wants="marks", code=WRONG)
CHOSEN = {
    comparison: (
        "input transformer that empties all later cells",
        "syntax tree transformer that drops asserts",
        "patched np.testing",
        "array that equals everything",
        "tests read from the history",
        "forged display of marks",
        "the visible case, memorised",
    ),
    files: ("a secret by its path", "marks written into the gradebook", "a file in temporary"),
    network: ("TCP", "UDP", "a Unix socket by its path"),
    processes: ("a program", "a daemon that stays", "the environment of the grader"),
    reference: ("the reference by its folder", "the source of the reference"),
}
ATTACKS = [CONTROL] + [attack for theme, names in CHOSEN.items() for attack in theme.ATTACKS if attack.name in names]
TESTS = """\
x = np.array([1.0, 2.0])
np.testing.assert_allclose(double(x), 2 * x)
### BEGIN HIDDEN TESTS
x = np.array([3.0, 4.0, 5.0])
np.testing.assert_allclose(double(x), 2 * x)
### END HIDDEN TESTS"""
POINTS = 5


def student(attack: Attack) -> str:
    return f"student{ATTACKS.index(attack):02d}"


def cell(source: str, name: str, **tags: object) -> NotebookNode:
    tag = {"grade_id": name, "grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return new_code_cell(source, id=name, metadata={"nbgrader": tag | tags})


def source() -> NotebookNode:
    """A notebook with one exercise, whose test cell has a visible and a hidden test."""
    return new_notebook(
        cells=[
            cell("import numpy as np", "setup", locked=True),
            cell("### BEGIN SOLUTION\ndef double(x): return 2 * x\n### END SOLUTION", "double", solution=True),
            cell(TESTS, "test_double", locked=True, grade=True, points=POINTS),
        ],
        metadata={"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}},
    )


def nbgrader(course: Path, *command: str) -> None:
    """Run nbgrader. It ends with an error if it could not grade a submission, which then has no marks."""
    subprocess.run(
        [sys.executable, "-m", "nbgrader", *command], cwd=course, capture_output=True, check=False, timeout=1800
    )


def hand_in(course: Path, attack: Attack, target: Scene) -> None:
    """Hand in the released notebook with the attack in its solution cell, and further cells after it."""
    path = course / "submitted" / student(attack) / "toy" / "toy.ipynb"
    path.parent.mkdir(parents=True)
    handed_in = nbformat.read(course / "release" / "toy" / "toy.ipynb", as_version=4)
    setup, _, test = handed_in.cells
    solution = cell(target.source(attack), "double", solution=True)
    handed_in.cells = [setup, solution, *map(new_code_cell, attack.more), test]
    nbformat.write(handed_in, path)


def on_nbgrader(targets: dict[str, Scene], course: Path) -> dict[str, tuple[float, set[Gain]]]:
    """Marks and gains under nbgrader, by attack."""
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'toy'\n")
    path = course / "source" / "toy" / "toy.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(source(), path)
    nbgrader(course, "generate_assignment", "toy")
    for attack in ATTACKS:
        hand_in(course, attack, targets[attack.name])
    nbgrader(course, "autograde", "toy")
    found = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for attack in ATTACKS:
            submission: Any = book.find_submission("toy", student(attack))  # its columns have no types
            marks = float(submission.score)
            graded_notebook = course / "autograded" / student(attack) / "toy" / "toy.ipynb"
            outputs = [cell.get("outputs") for cell in nbformat.read(graded_notebook, as_version=4).cells]
            found[attack.name] = marks, targets[attack.name].gains(said=json.dumps(outputs), marks=marks)
    return found


def on_kit(targets: dict[str, Scene], sandbox: Sandbox, folder: Path) -> dict[str, tuple[float, set[Gain]]]:
    """Marks and gains under this kit, by attack. All run one after another in the same sandbox."""
    found = {}
    for attack in ATTACKS:
        target = targets[attack.name]
        verdict = graded(notebook(folder / "mallory.ipynb", target.source(attack), *attack.more), TARGET, sandbox)
        said = json.dumps(results.to_json(verdict))
        found[attack.name] = verdict.score, target.gains(said=said, marks=verdict.score)
    return found


def scenes(stack: ExitStack, *, scratch: Path, server: int) -> dict[str, Scene]:
    """A scene for each attack, so that each gain can be assigned to its attack."""
    return {attack.name: stack.enter_context(scene(scratch=scratch, server=server)) for attack in ATTACKS}


def main() -> None:
    with ExitStack() as stack:
        course, folder, bundle = (
            Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=name))) for name in ("course-", "work-", "b-")
        )
        plain = on_nbgrader(scenes(stack, scratch=course, server=os.getpid()), course)
        sandbox = stack.enter_context(Sandbox(bundle=bundle, limits=LIMITS))
        level = sandbox.isolation
        kit = on_kit(scenes(stack, scratch=sandbox.server.scratch, server=sandbox.server.pid), sandbox, folder)

    # The marks of each attack, and whether it reached its aim.
    table = Table(Column("attack", no_wrap=True), Column("wants"), Column("nbgrader"), Column("kit"))
    rows = []
    for attack in ATTACKS:
        row: dict[str, object] = {"attack": attack.name, "wants": attack.wants}
        shown = []
        for name, (marks, gains) in {"nbgrader": plain[attack.name], "kit": kit[attack.name]}.items():
            row |= {f"{name}_marks": marks, f"{name}_succeeds": attack.wants in gains}
            shown.append(f"{marks:g}, {'yes' if attack.wants in gains else 'no'}")
        rows.append(row)
        table.add_row(attack.name, attack.wants, *shown)
    Console().print(table)
    report = {
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": COMMAND,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}, {os.cpu_count()} cores",
        "versions": {"python": platform.python_version()} | {name: version(name) for name in ("nbgrader", "numpy")},
        "isolation": level,
        "max_marks": POINTS,
        "attacks": rows,
    }
    RESULTS.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
