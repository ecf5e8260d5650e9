"""What the class report says of work that could not be judged."""

from dataclasses import replace

import pytest

from autograder.grading.judge import grade
from autograder.limits import Limits
from autograder.publish.class_report import trouble
from autograder.sandbox.sandbox import Sandbox
from autograder.submissions.locate import Submission
from tests.autograder.publish.class_report.toy_class import CLASS
from tests.autograder.toy import DOUBLE, RELEASED, SKELETON, TOY, notebook

QUICK = replace(TOY, exercises=(replace(DOUBLE, seconds=1), TOY.exercises[1]))


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    with Sandbox(bundle=tmp_path_factory.mktemp("bundle"), limits=Limits(cell_seconds=1, wall_factor=60)) as sandbox:
        yield sandbox


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("while True: pass", "ran out of time"),
        ("raise MemoryError", "ran out of memory"),
        ("import os; os._exit(1)", "ended its process"),
        ("raise ValueError('ended the process')", None),
    ],
)
def test_trouble_is_recognised_by_what_the_grader_says(sandbox, tmp_path, body, what):
    path = notebook(tmp_path / "ada.ipynb", f"def double(x):\n    {body}")

    found = trouble.troubles([grade(Submission("ada", path), QUICK, RELEASED, sandbox)])

    assert [(one.what, one.where, one.students) for one in found] == ([(what, "double", ("ada",))] if what else [])


def test_a_cell_in_trouble_is_told_too(sandbox, tmp_path):
    path = notebook(tmp_path / "ada.ipynb", "def double(x):\n    return 2 * x", "while True: pass")

    found = trouble.troubles([grade(Submission("ada", path), QUICK, RELEASED, sandbox)])

    assert [(one.what, one.where) for one in found] == [("ran out of time", "a cell of the notebook")]


def test_an_exercise_that_was_left_is_recognised_by_what_the_grader_says(sandbox, tmp_path):
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
        (b"{}", "The file is no notebook."),
        (b" " * 20_000_001, "The file is too large."),
        (b'{"cells": [' + b"0," * 5_000 + b"0]}", "The notebook has too many cells."),
        (None, "There is no notebook file."),
    ],
)
def test_reasons_are_recognised_by_what_the_grader_says(sandbox, tmp_path, content, why):
    path = tmp_path / "ada.ipynb"
    if content is not None:
        path.write_bytes(content)

    (found,) = trouble.unreadable([grade(Submission("ada", path), QUICK, RELEASED, sandbox)])

    assert (found.reason, found.students) == (why, ("ada",))


def test_who_may_need_help_and_why():
    found = trouble.concerns(CLASS)

    assert [one.student for one in found] == ["esi", "jonas", "chiara", "dmitri"]
    assert [one.reasons for one in found] == [
        ("Less than 50\N{NO-BREAK SPACE}% of the points.", "One exercise is not written."),
        ("The notebook could not be read.",),
        ("Less than 50\N{NO-BREAK SPACE}% of the points.",),
        ("Less than 50\N{NO-BREAK SPACE}% of the points.",),
    ]
    assert (found[3].score, found[3].reachable) == (2, 5)
