import copy
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest

from autograder.commands import grade
from autograder.commands.local import Local
from autograder.course.folder import Course
from autograder.errors import NoNotebook, NoVerdict
from autograder.notebooks import build
from autograder.publish import solution_comparison
from autograder.submissions import locate
from tests.autograder import toy

pytestmark = pytest.mark.usefixtures("shared_sandbox")

ANSWER = "def double(x):\n    return x + x if len(x) < 4 else '</pre><script>alert(1)</script>'"
ESSAY = "Because & <b>therefore</b>.\n\n| a | b |\n| --- | --- |\n| 1 | 2 |"


@pytest.fixture
def page(toy_course, monkeypatch, tmp_path) -> str:
    solution = copy.deepcopy(toy.SOURCE)
    solution.cells[1].source = "def double(x):\n    return 2 * x"
    solution.cells[3].source = "Rubric: one point for a reason."
    monkeypatch.setattr(build, "solution_notebook", lambda _: solution)
    path = toy_course.submitted() / "ada" / "toy" / "toy.ipynb"
    toy.notebook(path, ANSWER)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(toy.tagged(ESSAY, "essay"))
    nbformat.write(notebook, path)
    grade.grade_class(toy_course, toy.TOY, locate.find([toy_course.submitted()], "toy"), Local(jobs=1))
    return solution_comparison.write(toy_course, toy.TOY, "ada", tmp_path).read_text()


def text(page: str) -> str:
    """What a reader sees."""
    seen: list[str] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            seen.append(data)

    Reader().feed(page[page.index("<body>") :])
    return " ".join("".join(seen).split())


def test_both_answers_stand_beside_each_other_with_the_verdict(page):
    seen = text(page)

    assert "ada beside the solution · 2 of 9 points" in seen
    assert seen.index("return x + x") < seen.index("return 2 * x")
    assert "2 of 5" in seen
    assert "wrong: four of them (hidden)" in seen
    assert "Rubric: one point for a reason." in seen
    assert "to be marked · 4" in seen


def test_what_a_student_wrote_stays_text(page):
    assert "<script" not in page
    assert "Because & <b>therefore</b>." in text(page)


def test_hidden_cases_stay_hidden(page):
    # From the cases with four numbers, which are all hidden.
    assert "[4" not in page
    assert "4.0" not in page


@pytest.fixture
def graded(toy_course, monkeypatch, tmp_path) -> Course:
    """Grade ada's work from the course folder and return the course."""
    monkeypatch.setattr(build, "solution_notebook", lambda _: toy.SOURCE)
    toy.notebook(toy_course.submitted() / "ada" / "toy" / "toy.ipynb", ANSWER)
    monkeypatch.chdir(toy_course.root)
    here = Course(Path())
    grade.grade_class(here, toy.TOY, locate.find([here.submitted()], "toy"), Local(jobs=1))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return toy_course


def test_the_page_can_be_written_from_any_folder(graded, tmp_path):
    path = solution_comparison.write(graded, toy.TOY, "ada", tmp_path)

    assert "return x + x" in text(path.read_text())


def test_a_missing_notebook_is_reported(graded, tmp_path):
    (graded.submitted() / "ada" / "toy" / "toy.ipynb").unlink()

    with pytest.raises(
        NoNotebook, match=r"notebook of ada, .*/submitted/ada/toy/toy\.ipynb, cannot be read: .*was not"
    ):
        solution_comparison.write(graded, toy.TOY, "ada", tmp_path)
    assert not Path(tmp_path / "toy").exists()


def test_a_student_without_a_verdict_gets_no_page(toy_course, tmp_path):
    with pytest.raises(NoVerdict, match="bo has no verdict for toy"):
        solution_comparison.write(toy_course, toy.TOY, "bo", tmp_path)
    assert not Path(tmp_path / "toy").exists()
