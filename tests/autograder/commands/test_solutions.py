from dataclasses import replace

import nbformat
import pytest

from autograder import exercises, paths
from autograder.commands import solutions
from autograder.course.folder import Course
from autograder.errors import SolutionError
from autograder.exercises import Exercise
from autograder.notebooks import build

CATEGORIZATION = exercises.load("categorization")
COUNT_MODES = next(
    exercise
    for exercise in CATEGORIZATION.exercises
    if isinstance(exercise, Exercise) and exercise.name == "count_modes"
)


@pytest.mark.long
def test_the_solution_is_executed_and_has_its_figure_with_a_description(tmp_path):
    notebook_path, page_path = solutions.write(CATEGORIZATION, tmp_path)

    notebook = nbformat.read(notebook_path, as_version=4)
    nbformat.validate(notebook)
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    printed = "".join(output.get("text", "") or output.get("data", {}).get("text/plain", "") for output in outputs)
    assert printed.count("public cases are right") == 6
    assert "424.9 g: P(tonkatsu) = 0.052" in printed
    assert sum("image/png" in output.get("data", {}) for output in outputs) == len(CATEGORIZATION.pictures()) + 1
    page = page_path.read_text()
    assert 'alt="A mixture of two components' in page
    assert "SOLUTION" not in page


@pytest.mark.parametrize("name", [name for name in paths.ASSIGNMENTS if name != CATEGORIZATION.name])
@pytest.mark.long
def test_the_solution_of_each_other_assignment_is_published_too(name, tmp_path):
    notebook_path, page_path = solutions.write(exercises.load(name), tmp_path)

    assert "public cases are right" in page_path.read_text(encoding="utf-8")
    assert notebook_path.exists()


def test_a_solution_that_does_not_run_is_not_published(tmp_path, monkeypatch):
    real = build.solution_notebook

    def broken(assignment):
        notebook = real(assignment)
        notebook.cells = [nbformat.v4.new_code_cell("1 / 0"), *notebook.cells]
        return notebook

    monkeypatch.setattr(build, "solution_notebook", broken)

    with pytest.raises(SolutionError, match="did not run"):
        solutions.write(CATEGORIZATION, tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.long
def test_a_solution_that_loses_marks_is_not_published(released_course, tmp_path, monkeypatch):
    real = build.solution_notebook

    def weak(assignment):
        """The answers and one check: the other cells would take long."""
        notebook = real(CATEGORIZATION)
        needed = {"setup", "check_count_modes", *(exercise.name for exercise in CATEGORIZATION.graded)}
        notebook.cells = [cell for cell in notebook.cells if cell.id in needed]
        answer = next(cell for cell in notebook.cells if cell.id == "count_modes")
        public = sum(case.visible for case in COUNT_MODES.cases)  # right on the given inputs, so that the notebook runs
        answer.source += "\nright, calls = count_modes, []\ndef count_modes(*a):\n    calls.append(a)\n"
        answer.source += f"    return right(*a) if len(calls) <= {public} else 9"
        return notebook

    monkeypatch.setattr(build, "solution_notebook", weak)

    only = replace(CATEGORIZATION, exercises=(COUNT_MODES,))
    with pytest.raises(SolutionError, match="lost marks in: count_modes; "):
        solutions.write(only, tmp_path, release=Course(released_course).release("categorization"))
    assert not list(tmp_path.iterdir())
