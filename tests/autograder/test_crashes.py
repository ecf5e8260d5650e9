"""The grader is killed at any moment: nothing finished is lost or done twice, every mark has its verdict, and neither
a process nor a folder is left."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from nbgrader.api import Gradebook, MissingEntry

from autograder import paths
from autograder.course import verdicts
from autograder.course.folder import Course
from tests.autograder import toy

STUDENTS = [f"student{number}" for number in range(6)]
RIGHT, WRONG = "def double(x): return 2 * x", "def double(x): return 3 * x"
# For each student: an attempt, a verdict, and two marks.
STEPS = 4 * len(STUDENTS)
SECONDS = 600  # an upper bound, for a busy machine


@pytest.fixture
def submitted(tmp_path) -> Path:
    for number, student in enumerate(STUDENTS):
        path = tmp_path / "submitted" / student / "toy" / "toy.ipynb"
        toy.notebook(path, WRONG if number % 3 == 0 else RIGHT)
    return tmp_path / "submitted"


def start(course: Course, submitted: Path, log: Path) -> subprocess.Popen:
    command = [sys.executable, "-m", "tests.autograder.grade_toy", str(course.root), str(submitted), str(log)]
    return subprocess.Popen(command, cwd=paths.ROOT, stdout=subprocess.DEVNULL)


def steps(log: Path) -> list[str]:
    return log.read_text().splitlines() if log.exists() else []


def kill_after(process: subprocess.Popen, log: Path, count: int, moment: float) -> None:
    """Kill a grader a moment after it has logged this number of steps, unless it has ended before."""
    deadline = time.monotonic() + SECONDS
    while len(steps(log)) < count and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    time.sleep(moment)
    process.send_signal(signal.SIGKILL)
    process.wait()


def scores(course: Course) -> dict[str, float | None]:
    """The automatic scores in the gradebook, by student."""
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as book:

        def score(student: str) -> float | None:
            try:
                grades = book.find_submission("toy", student).notebooks[0].grades
            except MissingEntry:
                return None
            return next(grade.auto_score for grade in grades if grade.name == "check_double")

        return {student: score(student) for student in STUDENTS}


def explained(course: Course) -> bool:
    """Tell whether every mark in the gradebook is that of a verdict on disk."""
    return all(
        score is None or score in {kept.verdict.auto_score for kept in verdicts.history(course, "toy", student)}
        for student, score in scores(course).items()
    )


def whole(path: Path) -> bool:
    return path.name.startswith(".") or path.suffix != ".json" or bool(json.loads(path.read_text()))


@pytest.fixture
def scratch(tmp_path, monkeypatch) -> Path:
    """The folder in which graders make their temporary folders."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def test_a_grader_that_is_killed_repeatedly_finishes_the_class(toy_course, submitted, tmp_path, scratch, request):
    chance, log = random.Random(1), tmp_path / "log"
    finished: set[str] = set()
    for _ in range(4 if request.config.getoption("--long") else 1):
        before = len(steps(log))
        process = start(toy_course, submitted, log)
        kill_after(process, log, before + chance.randrange(1, STEPS // 2), chance.random() / 20)

        assert_nothing_is_left(scratch)
        assert finished <= set(verdicts.latest(toy_course, "toy"))
        assert not finished & {line.split()[1] for line in steps(log)[before:] if line.startswith("attempt")}
        assert all(map(whole, toy_course.root.rglob("*.json")))
        assert explained(toy_course)
        finished = set(verdicts.latest(toy_course, "toy"))
    assert start(toy_course, submitted, log).wait(SECONDS) == 0

    right = {student: 5.0 if number % 3 else 0.0 for number, student in enumerate(STUDENTS)}
    assert scores(toy_course) == right
    written = json.loads(toy_course.results("toy").read_text())["submissions"]
    assert {result["student"]: result["score"] for result in written} == right
    assert all(len(verdicts.history(toy_course, "toy", student)) == 1 for student in STUDENTS)


@pytest.mark.long
def test_a_grader_that_is_killed_at_its_first_submission_leaves_nothing(toy_course, submitted, tmp_path, scratch):
    process = start(toy_course, submitted, tmp_path / "log")
    kill_after(process, tmp_path / "log", 2, 0.05)

    assert_nothing_is_left(scratch)


def assert_nothing_is_left(scratch: Path) -> None:
    """Assert that a killed grader soon leaves no process and no folder."""
    deadline = time.monotonic() + SECONDS
    while (any(scratch.iterdir()) or _mentioned(scratch)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not list(scratch.iterdir())
    assert not _mentioned(scratch)


@pytest.mark.long
def test_two_graders_at_once_do_each_submission_once(toy_course, submitted, tmp_path):
    log = tmp_path / "log"
    both = [start(toy_course, submitted, log) for _ in range(2)]

    assert [process.wait(SECONDS) for process in both] == [0, 0]
    assert sorted(line for line in steps(log) if line.startswith("attempt")) == [
        f"attempt {student}" for student in STUDENTS
    ]
    assert steps(log).count("end") == 2
    assert explained(toy_course)


def _mentioned(folder: Path) -> list[str]:
    """Find the processes that were started with this folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = path.read_bytes()
        except OSError:  # the process has just ended
            continue
        if str(folder).encode() in command:
            found.append(str(path))
    return found
