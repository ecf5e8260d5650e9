"""Work that could not be judged, in the class report."""

from dataclasses import replace

import pytest

from autograder.grading.judge import grade
from autograder.limits import Limits
from autograder.publish.class_report import trouble
from autograder.submissions.locate import Submission
from tests.autograder.publish.class_report.toy_class import CLASS
from tests.autograder.toy import DOUBLE, RELEASED, SKELETON, TOY, notebook

QUICK = replace(TOY, exercises=(replace(DOUBLE, seconds=1), TOY.exercises[1]))


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory, sandbox_of):
    return sandbox_of(tmp_path_factory.mktemp("bundle"), Limits(cell_seconds=1, wall_factor=60))


@pytest.mark.parametrize(
    ("body", "what"),
    [
        pytest.param("while True: pass", "ran out of time", marks=pytest.mark.long),
        ("raise MemoryError", "ran out of memory"),
        ("import os; os._exit(1)", "ended its process"),
        ("raise ValueError('ended the process')", None),
    ],
)
def test_trouble_is_recognised_by_the_kind_of_failure(sandbox, tmp_path, body, what):
    path = notebook(tmp_path / "ada.ipynb", f"def double(x):\n    {body}")

    found = trouble.troubles([grade(Submission("ada", path), QUICK, RELEASED, sandbox)])

    assert [(item.what, item.where, item.students) for item in found] == ([(what, "double", ("ada",))] if what else [])


def test_a_failing_cell_is_listed(sandbox, tmp_path):
    path = notebook(tmp_path / "ada.ipynb", "def double(x):\n    return 2 * x", "while True: pass")

    found = trouble.troubles([grade(Submission("ada", path), QUICK, RELEASED, sandbox)])

    assert [(item.what, item.where) for item in found] == [("ran out of time", "a cell of the notebook")]


def test_an_unwritten_exercise_is_recognised_by_the_kind_of_failure(sandbox, tmp_path):
    for source, left in {SKELETON: True, "y = 1": True, "def double(x): return x": False}.items():
        path = notebook(tmp_path / "ada.ipynb", source)
        graded = grade(Submission("ada", path), QUICK, RELEASED, sandbox)
        assert trouble.unwritten(graded.exercises[0]) == left


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file is empty."),
        (b"{", "The file is broken: it may have been cut off, or edited by hand."),
        (b"%PDF-1.7", "The file is of another kind: an archive, a PDF, a web page."),
        (b"{\xff\xfe", "The file is not text."),
        (b"{}", "The file is not a notebook."),
        (b" " * 20_000_001, "The file is too large."),
        (b'{"cells": [' + b"0," * 5_000 + b"0]}", "The notebook has too many cells."),
        (None, "There is no notebook file."),
    ],
)
def test_reasons_are_recognised_by_the_kind_of_error(sandbox, tmp_path, content, why):
    path = tmp_path / "ada.ipynb"
    if content is not None:
        path.write_bytes(content)

    (found,) = trouble.unreadable([grade(Submission("ada", path), QUICK, RELEASED, sandbox)])

    assert (found.reason, found.students) == (why, ("ada",))


def test_students_who_may_need_help_are_listed_with_the_reasons():
    found = trouble.concerns(CLASS)

    assert [item.student for item in found] == ["esi", "jonas", "chiara", "dmitri"]
    assert [item.reasons for item in found] == [
        ("Less than 50\N{NO-BREAK SPACE}% of the points.", "One exercise is not written."),
        ("The notebook could not be read.",),
        ("Less than 50\N{NO-BREAK SPACE}% of the points.",),
        ("Less than 50\N{NO-BREAK SPACE}% of the points.",),
    ]
    assert (found[3].score, found[3].reachable) == (2, 5)
