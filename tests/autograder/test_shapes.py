"""A right answer keeps its marks, however the notebook was made."""

import copy
import itertools
import json
from dataclasses import replace

import pytest

from autograder import exercises
from autograder.grading.judge import grade
from autograder.limits import Limits
from autograder.notebooks import build, released
from autograder.sandbox.sandbox import Sandbox
from autograder.submissions.locate import Submission
from tests.autograder import shapes
from tests.autograder.shapes import SHAPES, Shape

NAMES = ("labelled_mle", "e_step", "m_step", "bic")
EM = exercises.load("em")
# Short exercises, without those that fit.
ASSIGNMENT = replace(EM, exercises=tuple(one for one in EM.exercises if one.name in NAMES))
RELEASED = released.read(shapes.RELEASE)
LIMITS = Limits(cell_seconds=4, wall_factor=5, memory_bytes=3 * 2**30)
ALWAYS = {shape.name for _, kind in itertools.groupby(SHAPES, lambda shape: shape.kind) for shape in list(kind)[:2]}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory):
    bundle = tmp_path_factory.mktemp("bundle")
    build.write_bundle(ASSIGNMENT, bundle)
    with Sandbox(bundle=bundle, limits=LIMITS) as sandbox:
        yield sandbox


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: f"{shape.kind}: {shape.name}")
def test_a_right_answer_keeps_its_marks(shape: Shape, sandbox, tmp_path, request):
    if shape.name not in ALWAYS and not request.config.getoption("--long"):
        pytest.skip("only with --long")
    notebook = copy.deepcopy(shapes.RIGHT)
    shape.bend(notebook)
    path = tmp_path / "ada.ipynb"
    path.write_text(json.dumps(notebook))  # nbformat would give a copied cell a name of its own

    verdict = grade(Submission("ada", path), ASSIGNMENT, RELEASED, sandbox)

    wrong = {one.name: [check.message for check in one.checks if not check.passed] for one in verdict.exercises}
    assert {name for name, messages in wrong.items() if messages} == shape.lost, (wrong, verdict.notes)
    for says in shape.says:
        assert any(says in note for note in verdict.notes), verdict.notes
