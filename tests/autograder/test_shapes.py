"""A right answer keeps its points in notebooks of every shape."""

import copy
import itertools
import json
from dataclasses import replace

import pytest

from autograder import exercises
from autograder.grading.judge import grade
from autograder.limits import Limits
from autograder.notebooks import build, released
from autograder.submissions.locate import Submission
from tests.autograder import shapes
from tests.autograder.shapes import SHAPES, Shape

NAMES = ("labelled_mle", "e_step", "m_step", "bic")
EM = exercises.load("em")
# Short exercises, without the fits.
ASSIGNMENT = replace(EM, exercises=tuple(exercise for exercise in EM.exercises if exercise.name in NAMES))
RELEASED = released.read(shapes.RELEASE)
LIMITS = Limits(cell_seconds=4, wall_factor=10, memory_bytes=3 * 2**30)
ALWAYS = {next(kind).name for _, kind in itertools.groupby(SHAPES, lambda shape: shape.kind)}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory, sandbox_of):
    bundle = tmp_path_factory.mktemp("bundle")
    build.write_bundle(ASSIGNMENT, bundle)
    return sandbox_of(bundle, LIMITS)


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(shape, id=f"{shape.kind}: {shape.name}", marks=() if shape.name in ALWAYS else pytest.mark.long)
        for shape in SHAPES
    ],
)
def test_a_right_answer_keeps_its_marks(shape: Shape, sandbox, tmp_path):
    notebook = copy.deepcopy(shapes.RIGHT)
    shape.bend(notebook)
    path = tmp_path / "ada.ipynb"
    path.write_text(json.dumps(notebook))  # nbformat would give a copied cell its own name

    verdict = grade(Submission("ada", path), ASSIGNMENT, RELEASED, sandbox)

    wrong = {
        exercise.name: [check.message for check in exercise.checks if not check.passed]
        for exercise in verdict.exercises
    }
    assert {name for name, messages in wrong.items() if messages} == shape.lost, (wrong, verdict.notes)
    for says in shape.says:
        assert any(says in note for note in verdict.notes), verdict.notes
