"""nbgrader's own commands in a course of the kit: they use the kit's verdicts, and the marks are the same."""

import csv
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import NbGraderAPI

from autograder import exercises, paths
from autograder.commands import grade, runner
from autograder.commands.local import Local
from autograder.course.folder import Course
from autograder.submissions import locate
from tests.autograder import toy

# nbgrader links a submission's rows before it adds them; SQLAlchemy warns about that.
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")

RIGHT = "def double(x):\n    return 2 * x"
SOURCES = {"ada": RIGHT, "bo": RIGHT.replace("2", "3"), "cem": "def double(x):\n    return 2 * x if len(x) == 2 else x"}
MARKS = {"ada": 5, "bo": 0, "cem": 2, "dora": 0}


@pytest.fixture
def handed_in(toy_course, shared_sandbox, monkeypatch) -> Course:
    """The course with four submissions, one of which is not a notebook; nbgrader lists the toy as an assignment."""
    monkeypatch.setattr(exercises, "load", {"toy": toy.TOY}.__getitem__)
    for student, source in SOURCES.items():
        toy.notebook(place(toy_course, student), source)
    place(toy_course, "dora").parent.mkdir(parents=True)
    place(toy_course, "dora").write_text("{")
    return toy_course


def place(course: Course, student: str) -> Path:
    return course.submitted() / student / "toy" / "toy.ipynb"


def nbgrader(course: Course) -> NbGraderAPI:
    return NbGraderAPI(config=course.config())


def gradebook(course: Course) -> Any:
    return Gradebook(f"sqlite:///{course.root / 'gradebook.db'}")


def marks(course: Course) -> dict[str, float]:
    with gradebook(course) as book:

        def mark(student: str) -> float:
            try:
                return book.find_submission("toy", student).score
            except MissingEntry:
                return -1

        return {student: mark(student) for student in MARKS}


def test_autograde_gives_the_marks_of_the_kit(handed_in, tmp_path):
    other = Course(shutil.copytree(handed_in.root, tmp_path / "other"))
    for student in MARKS:
        outcome = nbgrader(handed_in).autograde("toy", student)
        assert outcome["success"], outcome["log"]

    grade.grade_class(other, toy.TOY, locate.find([other.submitted()], "toy"), Local(jobs=2))

    assert marks(handed_in) == marks(other) == MARKS
    for student in MARKS:
        nbgraders, ours = (graded.autograded("toy", student).read_text() for graded in (handed_in, other))
        assert nbformat.reads(nbgraders, as_version=4) == nbformat.reads(ours, as_version=4)


def test_a_class_is_judged_together_and_once(handed_in, monkeypatch):
    real, judged = runner.run, []
    monkeypatch.setattr(runner, "run", lambda *args, **more: (judged.append(args[0].student), real(*args, **more))[1])

    for force in (False, True):
        assert nbgrader(handed_in).autograde("toy", "*", force=force)["success"]

    assert sorted(judged) == sorted(MARKS)
    assert marks(handed_in) == MARKS


def test_marks_entered_by_a_person_survive(handed_in):
    nbgrader(handed_in).autograde("toy", "bo")
    with gradebook(handed_in) as book:
        book.find_grade("essay", "toy", "toy", "bo").manual_score = 3.0
        book.find_grade("check_double", "toy", "toy", "bo").manual_score = 1.0
        book.find_comment("essay", "toy", "toy", "bo").manual_comment = "Short & <clear>."
        book.db.commit()

    assert nbgrader(handed_in).autograde("toy", "bo", force=True)["success"]
    assert nbgrader(handed_in).generate_feedback("toy", "bo")["success"]

    assert marks(handed_in)["bo"] == 4
    page = handed_in.feedback("toy", "bo").read_text()
    assert "4 of 9 points" in page
    assert "1 of 5, marked by hand" in page
    assert "Short &amp; &lt;clear&gt;." in page


def test_feedback_follows_from_the_marks(handed_in):
    for student in ("ada", "dora"):
        nbgrader(handed_in).autograde("toy", student)
        assert nbgrader(handed_in).generate_feedback("toy", student)["success"]

    assert "5 of 9 points" in handed_in.feedback("toy", "ada").read_text()
    assert "The notebook could not be read" in handed_in.feedback("toy", "dora").read_text()


def test_a_students_feedback_needs_no_other_students_verdict(handed_in):
    for student in ("ada", "bo"):
        nbgrader(handed_in).autograde("toy", student)
    handed_in.verdict("toy", "bo").write_text("{")

    assert nbgrader(handed_in).autograde("toy", "ada", force=True)["success"]
    assert nbgrader(handed_in).generate_feedback("toy", "ada")["success"]
    assert not nbgrader(handed_in).generate_feedback("toy", "bo")["success"]


def test_a_fault_of_the_grader_is_nbgraders_error_and_gives_no_mark(handed_in, monkeypatch):
    def attempt(*_, **__):
        raise RuntimeError("a bug of ours")

    monkeypatch.setattr(runner, "run", attempt)

    outcome = nbgrader(handed_in).autograde("toy", "ada")

    assert not outcome["success"]
    assert "a bug of ours" in str(outcome["log"])
    assert not handed_in.autograded("toy", "ada").exists()


def test_late_penalties_are_the_same_in_nbgrader_and_the_kit(handed_in):
    config = handed_in.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    with gradebook(handed_in) as book:
        book.find_assignment("toy").duedate = datetime(2026, 12, 1, 12)
        book.db.commit()
    for student, day in {"ada": 1, "cem": 3}.items():
        place(handed_in, student).with_name("timestamp.txt").write_text(f"2026-12-0{day} 11:00:00 UTC")
    for student in ("ada", "cem"):
        assert nbgrader(handed_in).autograde("toy", student)["success"]

    with gradebook(handed_in) as book:
        late = {student: book.find_submission("toy", student).late_submission_penalty for student in ("ada", "cem")}
    verdicts = grade.grade_class(handed_in, toy.TOY, locate.find([handed_in.submitted()], "toy"), Local(jobs=1))

    assert late == {"ada": 0, "cem": 2}
    assert {verdict.student: verdict.late_penalty for verdict in verdicts if verdict.student in late} == late
    assert {verdict.student: verdict.final_score for verdict in verdicts} == MARKS | {"cem": 0}


@pytest.mark.long
def test_the_commands_as_an_instructor_types_them(released_course, tmp_path):
    """A real assignment, graded by `nbgrader` and by the kit in the same course."""
    own = Course(shutil.copytree(released_course, tmp_path / "course"))
    for student in ("goran", "jonas"):
        path = own.submitted() / student / "categorization" / "categorization.ipynb"
        path.parent.mkdir(parents=True)
        shutil.copy(paths.SAMPLE_CLASS / "categorization" / f"{student}.ipynb", path)

    def run(*words: str) -> None:
        done = subprocess.run([sys.executable, "-m", "nbgrader", *words], cwd=own.root, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    run("autograde", "categorization")
    run("generate_feedback", "categorization")
    run("export", "--to", "marks.csv")

    with (own.root / "marks.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["assignment"] == "categorization"]
    verdicts = grade.grade_class(
        own,
        exercises.load("categorization"),
        locate.find([own.submitted()], "categorization"),
        Local(jobs=1),
    )
    assert {verdict.student: verdict.score for verdict in verdicts} == {
        row["student_id"]: float(row["score"]) for row in rows
    }
    assert verdicts[0].score > 0
    assert all(own.feedback("categorization", student).exists() for student in ("goran", "jonas"))
