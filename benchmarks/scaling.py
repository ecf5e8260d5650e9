r"""The cost of grading as the class grows: time should be linear, memory constant, a regrade nearly free.

    uv run python -m benchmarks.scaling categorization:{1x1,1x2,10x1,10x2,100x1,100x2,1000x2} \
        gibbs_sampling:{12x1,12x2,100x2}

100x2 is a class of 100, graded by two jobs. The class consists of copies of the sample submissions of three students
who earn full marks, in JAX, in NumPy and in Python loops. Each class is graded in its own course by `autograder grade`,
then graded again unchanged; the results must be the same. Processor seconds are those of the command and all its
descendants. Memory is that of the grader itself, and of the fork server with all processes that it forked (see
`watching`).

Two jobs cannot be faster than two independent graders on the same machine. So for several jobs, as many graders with
one job each also grade a part of the class each, at the same time, for comparison.
"""

import argparse
import itertools
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from autograder import paths
from autograder.course.folder import Course

from . import report
from .watching import watch

RIGHT = ("ada", "bilal", "chiara")
MOST_APART = 30  # students; larger classes would take longer and show nothing new
GRADED = ("submitted", "verdicts", "replies", "results", "feedback", "autograded")


@dataclass(frozen=True)
class Run:
    """The cost of one command. Memory is the largest at any moment, in MB; the pace is the machine's at that time."""

    seconds: float
    processor_seconds: float
    pace: float
    grader_mb: float
    sandbox_mb: float


@dataclass(frozen=True)
class Class:
    """A class to grade: copies of submissions to an assignment, and the number of jobs."""

    assignment: str
    students: int
    jobs: int

    @classmethod
    def named(cls, text: str) -> "Class":
        """The class that is written as `categorization:100x2`."""
        assignment, _, size = text.partition(":")
        students, _, jobs = size.partition("x")
        return cls(assignment, int(students), int(jobs))


@dataclass(frozen=True)
class Row:
    """The cost of grading a class for the first time and again. `apart` are the seconds of independent graders."""

    of: Class
    first: Run
    again: Run
    identical: bool
    apart: float | None


def main() -> None:
    parser = argparse.ArgumentParser(description="Grade classes of growing size.")
    parser.add_argument("classes", nargs="+", type=Class.named, metavar="ASSIGNMENT:STUDENTSxJOBS")
    classes: list[Class] = parser.parse_args().classes
    console, load = Console(), os.getloadavg()[0]
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        released = {name: Path(scratch) / name / "released" for name in dict.fromkeys(c.assignment for c in classes)}
        for name, root in released.items():
            hand_in(root, name, len(RIGHT))
            grade(root, name, 1)  # makes the release, computes the right values, compiles the common programs
        for size in classes:
            row = measured(size, released[size.assignment])
            rows.append(row)
            console.print(f"{size}: {row.first.seconds:.0f} s, again {row.again.seconds:.0f} s")
            figures = {"seed": "none: all draws use the keys of the cases", "rows": [asdict(row) for row in rows]}
            report.write("scaling", figures, load=load)
    console.print(table(rows))


def measured(size: Class, released: Path) -> Row:
    """Grade a class for the first time and again, and by independent graders."""
    name = size.assignment
    root = course_of(released, name, size.students)
    first, before = grade(root, name, size.jobs), results(root, name)
    again = grade(root, name, size.jobs)
    identical = results(root, name) == before
    shutil.rmtree(root)
    side_by_side = apart(released, size) if 1 < size.jobs <= size.students <= MOST_APART else None
    return Row(size, first, again, identical, side_by_side)


def course_of(released: Path, assignment: str, students: int) -> Path:
    """A course with a class that has not been graded."""
    root = Path(tempfile.mkdtemp(dir=released.parent)) / "course"
    shutil.copytree(released, root, ignore=shutil.ignore_patterns(*GRADED))
    hand_in(root, assignment, students)
    return root


def apart(released: Path, size: Class) -> float:
    """Seconds until independent graders, one per job, have all graded their parts of the class."""
    shares = [len(range(first, size.students, size.jobs)) for first in range(size.jobs)]
    parts = [course_of(released, size.assignment, share) for share in shares]
    with ThreadPoolExecutor(size.jobs) as pool:
        return max(run.seconds for run in pool.map(lambda root: grade(root, size.assignment, 1), parts))


def hand_in(root: Path, assignment: str, students: int) -> None:
    """Put copies of right submissions into a course's folder of submissions."""
    for number, name in zip(range(students), itertools.cycle(RIGHT), strict=False):
        folder = root / "submitted" / f"student{number:04}" / assignment
        folder.mkdir(parents=True)
        shutil.copy(paths.SAMPLE_CLASS / assignment / f"{name}.ipynb", folder / f"{assignment}.ipynb")


def results(root: Path, assignment: str) -> bytes:
    return Course(root).results(assignment).read_bytes()


def grade(root: Path, assignment: str, jobs: int) -> Run:
    """Run `autograder grade` and watch it."""
    command = [sys.executable, "-m", "autograder", "grade", assignment, "--course", str(root), "--jobs", str(jobs)]
    watched = watch(command)
    if watched.exit_status:
        sys.exit(watched.printed[-3000:])
    return Run(watched.seconds, watched.processor_seconds, watched.pace, watched.own_mb, watched.descendants_mb)


def table(rows: list[Row]) -> Table:
    shown = [_shown(row) for row in rows]
    made = Table(*(Column(title, justify="right") for title in shown[0]))
    for row in shown:
        made.add_row(*row.values())
    return made


def _shown(row: Row) -> dict[str, str]:
    first = row.first
    return {
        "assignment": row.of.assignment,
        "students": str(row.of.students),
        "jobs": str(row.of.jobs),
        "s": f"{first.seconds:.0f}",
        "s each": f"{first.seconds / row.of.students:.2f}",
        "pace": f"{first.pace:.2f}",
        "CPU s each": f"{first.processor_seconds / row.of.students:.2f}",
        "apart, s": f"{row.apart:.0f}" if row.apart else "–",
        "grader MB": f"{first.grader_mb:.0f}",
        "sandbox MB": f"{first.sandbox_mb:.0f}",
        "again, s": f"{row.again.seconds:.1f}",
        "faster": f"{first.seconds / row.again.seconds:.1f}",
        "identical": "yes" if row.identical else "NO",
    }


if __name__ == "__main__":
    main()
