"""The course folder, with nbgrader's own commands run in it."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder import exercises, paths
from autograder.course.folder import Course
from autograder.course.release import open_course, write_release
from autograder.notebooks import build
from autograder.notebooks.answers import scripts
from tests.autograder import toy

EM = exercises.load("em")


def nbgrader(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nbgrader", *words], cwd=cwd, capture_output=True, text=True, timeout=600, check=False
    )


def released(folder: Path, assignment: str = "em") -> nbformat.NotebookNode:
    return nbformat.read(folder / f"{assignment}.ipynb", as_version=4)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in ("categorization", "em") else pytest.mark.long)
        for name in paths.ASSIGNMENTS
    ],
)
def test_the_release_has_skeletons_and_no_answers(course, course_of, name):
    root = course.root if course.release(name).exists() else course_of(name)

    notebook = released(Course(root).release(name), name)

    text = "\n".join(cell.source for cell in notebook.cells)
    assert "SOLUTION" not in text
    assert "marking" not in text.lower() or "| for | points |" not in text
    for cell in notebook.cells:
        tag = cell.metadata.get("nbgrader", {})
        if tag.get("solution") and cell.cell_type == "code":
            assert "raise NotImplementedError()" in cell.source
            assert '"""' in cell.source
        if tag.get("solution") and cell.cell_type == "markdown":
            assert cell.source.strip() == "YOUR ANSWER HERE"


def test_no_answer_of_a_right_student_is_released(course):
    folder = course.release("em")
    code = "\n".join(cell.source for cell in released(folder).cells)
    files = [path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.suffix in (".py", ".json", ".txt")]
    answers = [cell.text.strip() for script in scripts("em") for cell in script.cells if "def " in cell.text]

    assert len(answers) > 50
    assert not [answer for answer in answers if any(answer in text for text in (code, *files))]
    assert not list(folder.rglob("answers"))


def test_the_bundle_lies_beside_the_notebook(course):
    folder = course.release("em")

    assert (folder / "selfcheck" / "__init__.py").exists()
    assert json.loads((folder / "em.json").read_text())["assignment"] == "em"
    assert (folder / "requirements.txt").read_text().startswith("ipywidgets==")
    assert not list(folder.rglob("__pycache__"))


def test_an_unchanged_course_is_left_alone(course, monkeypatch):
    monkeypatch.setattr("autograder.course.release._generate", lambda *_, **__: pytest.fail("generated again"))

    open_course(course.root, [EM])


def test_a_course_of_an_older_kit_is_updated(course):
    stamp = course.root / ".kit" / "em"
    stamp.write_text("an older kit")
    (course.release("em") / "em.ipynb").unlink()

    open_course(course.root, [EM])

    assert (course.release("em") / "em.ipynb").exists()
    assert stamp.read_text() != "an older kit"


def test_settings_of_the_instructor_are_kept(course):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + 'c.CourseDirectory.course_id = "stats"\n')

    reopened = open_course(course.root, [EM])

    assert reopened.config().CourseDirectory.course_id == "stats"


def test_settings_are_those_of_the_user_and_then_of_the_course(course, tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "jupyter"))
    (tmp_path / "jupyter").mkdir()
    (tmp_path / "jupyter" / "nbgrader_config.py").write_text(
        'c.CourseDirectory.course_id = "mine"\nc.CourseDirectory.db_url = "postgresql+psycopg://@/marks"\n'
    )

    settings = course.config().CourseDirectory

    assert (settings.course_id, settings.db_url) == ("gmm", "postgresql+psycopg://@/marks")


@pytest.mark.parametrize(
    ("address", "file"), [("sqlite:///marks.db", "marks.db"), ("sqlite:////tmp/x.db", "/tmp/x.db")]
)
def test_a_relative_database_lies_in_the_course(course, address, file):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f"c.CourseDirectory.db_url = {address!r}\n")

    assert course.config().CourseDirectory.db_url == f"sqlite:///{course.root / file}"


def test_a_new_database_gets_the_assignments(toy_course, monkeypatch):
    generated = []
    monkeypatch.setattr(
        "autograder.course.release._generate", lambda _, assignment, **__: generated.append(assignment.name)
    )
    config = toy_course.root / "nbgrader_config.py"

    for address in ("one", "one", "other"):
        config.write_text(config.read_text() + f'c.CourseDirectory.db_url = "sqlite:///{address}.db"\n')
        open_course(toy_course.root, [toy.TOY])

    assert generated == ["toy", "toy"]


def test_release_writes_a_folder_and_a_zip(tmp_path):
    folder = write_release(EM, tmp_path / "out")

    with zipfile.ZipFile(tmp_path / "out" / "em.zip") as archive:
        names = set(archive.namelist())
    assert {"em/em.ipynb", "em/em.json", "em/selfcheck/__init__.py", "em/requirements.txt"} <= names
    assert folder == tmp_path / "out" / "em"
    assert "NotImplementedError" in (folder / "em.ipynb").read_text()


@pytest.mark.long
def test_nbgrader_lists_the_assignments(course):
    shown = nbgrader("db", "assignment", "list", cwd=course.root)

    assert "em" in shown.stdout + shown.stderr
    assert "categorization" in shown.stdout + shown.stderr


@pytest.mark.long
def test_nbgrader_generates_the_same_release(course):
    ours = released(course.release("em"))
    shutil.rmtree(course.release("em"))

    ran = nbgrader("generate_assignment", "em", cwd=course.root)

    assert ran.returncode == 0, ran.stderr
    assert released(course.release("em")).cells == ours.cells


@pytest.mark.long
def test_nbgrader_validates_the_solution_and_not_the_skeleton(course, tmp_path):
    folder = Path(shutil.copytree(course.release("categorization"), tmp_path / "work"))

    skeleton = nbgrader("validate", "categorization.ipynb", cwd=folder)
    nbformat.write(build.solution_notebook(exercises.load("categorization")), folder / "categorization.ipynb")
    solution = nbgrader("validate", "categorization.ipynb", cwd=folder)

    assert "VALIDATION FAILED ON 7 CELL(S)" in skeleton.stdout
    assert "Success! Your notebook passes all the tests." in solution.stdout
