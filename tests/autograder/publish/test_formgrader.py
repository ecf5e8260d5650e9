"""What a person sees of a student's notebook in formgrader."""

import json
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.grading.results import CaseResult, ExerciseResult, Verdict
from autograder.publish import formgrader
from tests.autograder.toy import RELEASE, SKELETON, notebook, tagged

RIGHT = "def double(x):\n    return 2 * x"
VERDICT = Verdict(
    student="ada",
    notebook="toy.ipynb",
    status="graded",
    seconds=1,
    exercises=(
        ExerciseResult(
            name="double",
            score=3.5,
            max_score=5,
            checks=(CaseResult(name="<b>one</b>", passed=False, visible=True, message="wrong: 1 < 2"),),
            hints=("Twice.",),
        ),
        ExerciseResult(name="essay", score=None, max_score=4, kind="manual"),
    ),
)


@pytest.fixture
def seen(tmp_path):
    """What a person sees of a notebook with these cells."""

    def see(*cells: NotebookNode) -> NotebookNode:
        path = tmp_path / "toy.ipynb"
        path.write_text(json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}))
        return look(path)

    return see


def look(path: Path) -> NotebookNode:
    made = formgrader.notebook(path, RELEASE, VERDICT)
    nbformat.validate(made)
    return made


def names(made: NotebookNode) -> list[str | None]:
    return [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in made.cells]


def test_the_students_cells_are_shown_with_the_verdict_below_the_check(tmp_path):
    made = look(notebook(tmp_path / "toy.ipynb", RIGHT, "print('mine')"))

    assert names(made) == ["setup", "double", "check_double", "essay", None]
    assert [cell.source for cell in made.cells][1::3] == [RIGHT, "print('mine')"]
    (output,) = made.cells[2].outputs
    assert output.data["text/plain"] == "3.5 of 5"
    assert "✗ wrong:\n&lt;b&gt;one&lt;/b&gt;\n<br>wrong: 1 &lt; 2" in output.data["text/html"]
    assert "Twice." in output.data["text/html"]


def test_metadata_and_locked_code_come_from_the_release(seen):
    edited = [tagged("1 / 0", "setup"), tagged(RIGHT, "double"), tagged("assert True", "check_double")]
    for cell in edited:
        cell.metadata["nbgrader"] |= {"points": 1000, "locked": False, "solution": True}
        cell.metadata["tags"] = ["skip-execution"]

    made = seen(*edited)

    kept = [cell for cell in made.cells if cell.id in ("setup", "double", "check_double")]
    assert [cell.metadata for cell in kept] == [cell.metadata for cell in RELEASE.cells[:3]]
    assert [cell.source for cell in kept] == [RELEASE.cells[0].source, RIGHT, RELEASE.cells[2].source]


def test_a_student_s_version_of_a_locked_cell_follows_it(seen):
    changed = f"{RELEASE.cells[0].source}\nimport math"

    made = seen(tagged(changed, "setup"), tagged(RIGHT, "double"), tagged(RELEASE.cells[2].source, "check_double"))

    assert names(made) == ["setup", None, "double", "check_double", "essay"]
    assert [cell.source for cell in made.cells[:2]] == [RELEASE.cells[0].source, changed]


def test_without_metadata_answers_are_found(seen):
    bare = [new_code_cell(source) for source in (RELEASE.cells[0].source, RIGHT, RELEASE.cells[2].source)]

    made = seen(*bare)

    assert names(made) == ["setup", "double", "check_double", "essay"]
    assert made.cells[1].source == RIGHT
    assert made.cells[2].outputs


def test_printed_output_is_not_shown(seen):
    cell = tagged(RIGHT, "double")
    cell.outputs = [nbformat.v4.new_output("stream", text="full marks")]

    assert "full marks" not in nbformat.writes(seen(cell))


def test_deleted_cells_are_put_back(seen):
    made = seen(new_markdown_cell("first"), tagged(RIGHT, "double"), new_markdown_cell("last"))

    assert names(made) == ["setup", None, "double", "check_double", "essay", None]
    assert names(seen()) == ["setup", "double", "check_double", "essay"]


@pytest.mark.parametrize("copies", [[RIGHT, SKELETON], [SKELETON, RIGHT], [RIGHT.replace("2", "3"), RIGHT]])
def test_the_copy_that_counts_keeps_the_name(seen, copies):
    made = seen(*(tagged(source, "double") for source in copies))

    (named,) = (cell for cell in made.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "double")
    assert named.source == RIGHT
    assert {cell.source for cell in made.cells} >= set(copies)


def test_unknown_names_are_ignored(seen):
    cell = tagged("1", "x")
    cell.metadata["nbgrader"]["grade_id"] = "../../x"

    assert names(seen(cell)) == ["setup", "double", "check_double", "essay", None]


def test_an_answer_keeps_its_kind_of_cell(seen):
    made = seen(tagged("My answer", "essay"))  # a code cell, where text was asked for

    (essay,) = (cell for cell in made.cells if cell.id == "essay")
    assert (essay.cell_type, essay.source) == ("markdown", "My answer")


@pytest.mark.parametrize("content", ["{", "", None])
def test_an_unreadable_notebook_is_replaced_by_the_release_and_the_reason(tmp_path, content):
    path = tmp_path / "toy.ipynb"
    if content is not None:
        path.write_text(content)

    made = look(path)

    assert names(made) == [None, "setup", "double", "check_double", "essay"]
    assert made.cells[0].source.startswith("The notebook could not be read: ")
