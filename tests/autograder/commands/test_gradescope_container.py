"""Folders like Gradescope's, made from the real zip; the environment of the tests takes the place of `setup.sh`'s."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_notebook

from autograder import exercises, paths
from autograder.commands import gradescope_container
from autograder.commands.grade import grade_class
from autograder.commands.gradescope_container import Container
from autograder.commands.local import Local
from autograder.course.folder import Course
from autograder.exercises import Assignment
from autograder.grading.results import Verdict
from autograder.notebooks import build, released
from autograder.publish.gradescope import package, results
from autograder.student.worker.isolation import LAYERS
from autograder.submissions import choice, locate

# A container takes up to a minute for a notebook. So all students of one assignment hand in, and of the others one who
# is right, one who is wrong, and one whose file is cut off.
WHOLE, SOME = "categorization", ("ada", "goran", "jonas")
EXACTLY = ("goran", "imani", "jonas")  # imani has an untouched copy of a cell below the answer
NAMES = {"goran": "my work (final).ipynb", "jonas": "hw/1.ipynb"}


@pytest.fixture(
    scope="module",
    params=paths.ASSIGNMENTS,
)
def assignment(request) -> Assignment:
    return exercises.load(request.param)


@pytest.fixture(scope="module")
def image(assignment, tmp_path_factory) -> Path:
    """The folders after setup.sh."""
    root = tmp_path_factory.mktemp("autograder")
    package.write(root / "autograder.zip", assignment)
    with zipfile.ZipFile(root / "autograder.zip") as packed:
        packed.extractall(root / "source")
    (root / "source" / ".venv").symlink_to(sys.prefix)
    (root / "results").mkdir()
    shutil.copy(root / "source" / "run_autograder", root)
    (root / "run_autograder").chmod(0o755)
    python = root / "source" / ".venv" / "bin" / "python"
    said = subprocess.run(
        [python, "-m", "autograder.commands.gradescope_container", "prepare", root],
        env=os.environ | {"PYTHONPATH": str(root / "source" / "kit"), "XDG_CACHE_HOME": str(root / "source" / "cache")},
        check=True,
        capture_output=True,
        text=True,
    )
    assert said.stdout.startswith("Isolation of student code here: ")
    return root


@pytest.fixture(scope="module")
def graded(assignment, course_of, tmp_path_factory) -> dict[str, Verdict]:
    """The verdicts of `autograder grade` on the same notebooks."""
    course = Course(shutil.copytree(course_of(assignment.name), tmp_path_factory.mktemp("grade") / "course"))
    found = locate.find([paths.SAMPLE_CLASS / assignment.name], assignment.name)
    if assignment.name != WHOLE:
        found = [submission for submission in found if submission.student in SOME]
    return {verdict.student: verdict for verdict in grade_class(course, assignment, found, Local(jobs=1))}


def hand_in(root: Path, assignment: str, student: str, name: str) -> None:
    shutil.rmtree(root / "submission", ignore_errors=True)
    target = root / "submission" / name
    target.parent.mkdir(parents=True)
    shutil.copy(paths.SAMPLE_CLASS / assignment / f"{student}.ipynb", target)


def marks(results: dict[str, Any]) -> dict[str, float]:
    return {test["name"]: test["score"] for test in results["tests"]}


@pytest.mark.long
def test_gradescope_gives_the_same_results_as_grade(assignment, image, graded):
    for student, verdict in graded.items():
        hand_in(image, assignment.name, student, NAMES.get(student, f"{assignment.name}.ipynb"))

        done = subprocess.run(
            [image / "run_autograder"],
            env={"PATH": os.environ["PATH"], "HOME": str(image), "AUTOGRADER_ROOT": str(image)},
            check=True,
            capture_output=True,
            text=True,
        )

        assert done.stderr == ""
        written = json.loads((image / "results" / "results.json").read_text(encoding="utf-8"))
        expected = results.results(verdict, seconds=0) | {"execution_time": written["execution_time"]}
        assert marks(written) == marks(expected), student
        assert sum(marks(written).values()) == verdict.auto_score, student
        if assignment.name == WHOLE and student in EXACTLY:  # on a busy machine, another time limit may be hit first
            assert written == expected
        assert {test["visibility"] for test in written["tests"]} == {"visible"}
    assert 0 < graded["goran"].auto_score < graded["goran"].auto_max_score
    assert graded["jonas"].status == "unreadable"


def in_process(tmp_path: Path, *, unsafe: bool) -> Container:
    """A container with an unreadable submission, which needs no expected values to be judged."""
    opened = Container(tmp_path)
    release = opened.release("categorization")
    release.mkdir(parents=True)
    nbformat.write(new_notebook(), release / "categorization.ipynb")
    (opened.source / "settings.json").write_text(json.dumps({"assignment": "categorization", "unsafe": unsafe}))
    hand_in(tmp_path, "categorization", "jonas", "categorization.ipynb")
    return opened


@pytest.fixture
def no_isolation(monkeypatch):
    monkeypatch.setattr("autograder.sandbox.sandbox.probe", lambda: dict.fromkeys(LAYERS, "refused"))
    monkeypatch.setattr("autograder.exercises.truth.prepare", lambda assignment: None)


def test_without_isolation_nothing_is_run_and_nobody_gets_a_zero(tmp_path, no_isolation, capsys):
    opened = in_process(tmp_path, unsafe=False)

    gradescope_container.grade(opened)

    written = json.loads(opened.results.read_text())
    assert written["tests"] == []
    assert "score" not in written
    assert "could not be isolated" in written["output"]
    assert "--unsafe" in capsys.readouterr().err, "the log tells the instructor what to do"


def test_without_isolation_the_instructor_may_allow_the_run(tmp_path, no_isolation, capsys):
    opened = in_process(tmp_path, unsafe=True)

    gradescope_container.grade(opened)

    assert [test["score"] for test in json.loads(opened.results.read_text())["tests"]] == [0] * 6
    assert "Isolation of student code: none" in capsys.readouterr().out


def test_a_fault_of_the_grader_gives_no_zero(tmp_path, monkeypatch, capsys):
    opened = in_process(tmp_path, unsafe=False)
    (opened.source / "settings.json").write_text("{}")

    gradescope_container.grade(opened)

    assert "the grader itself failed" in json.loads(opened.results.read_text())["output"]
    assert "KeyError" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("files", "found"),
    [
        (["em.ipynb"], "em.ipynb"),
        (["homework 2.ipynb"], "homework 2.ipynb"),
        (["a.ipynb", "em.ipynb", "notes.txt"], "em.ipynb"),
        (["em.ipynb.txt"], "em.ipynb.txt"),
        (["em.IPYNB", "essay.pdf"], "em.IPYNB"),
        (
            ["folder/work.ipynb", "__MACOSX/._work.ipynb", ".ipynb_checkpoints/work-checkpoint.ipynb"],
            "folder/work.ipynb",
        ),
        (["em.ipynb", "em-Copy1.ipynb*"], "em-Copy1.ipynb"),
        (["em.ipynb", "b.ipynb*"], "b.ipynb"),
        (["a.ipynb*", "b.ipynb"], "a.ipynb"),
        (["a/em.ipynb", "b/em.ipynb*"], "b/em.ipynb"),
        (["em.py"], "em.ipynb"),
        ([], "em.ipynb"),
    ],
)
def test_the_notebook_that_counts(tmp_path, files, found):
    """A star marks the notebook with the work."""
    release = build.source_notebook(exercises.load("em"))
    for name in files:
        path = tmp_path / name.rstrip("*")
        path.parent.mkdir(exist_ok=True)
        if "ipynb" not in name.lower():
            path.touch()
            continue
        cells = [cell | {"source": "def e_step(): ..."} if cell.id == "e_step" else cell for cell in release.cells]
        path.write_text(json.dumps(release | {"cells": cells if name.endswith("*") else release.cells}))

    handed_in = locate.of_student("submission", tmp_path, "em")

    assert choice.choose(handed_in.paths, released.read(release)).path == tmp_path / found
    assert handed_in.place == tmp_path


def test_all_files_of_the_submission_are_considered(tmp_path, monkeypatch):
    opened = in_process(tmp_path, unsafe=True)
    shutil.copy(paths.SAMPLE_CLASS / "categorization" / "jonas.ipynb", opened.submission / "categorization-Copy1.ipynb")
    seen = []
    monkeypatch.setattr(gradescope_container.judge, "grade", lambda submission, *_: seen.append(submission) or 1 / 0)

    gradescope_container.grade(opened)

    names = ["categorization.ipynb", "categorization-Copy1.ipynb"]
    assert [path.name for path in seen[0].paths] == names
