import importlib
import json
import re
import uuid

import nbformat
import pytest

from autograder import exercises, libraries, paths
from autograder.errors import KitError
from autograder.exercises import Exercise, Written
from autograder.notebooks import build, start
from autograder.notebooks.released import check_id
from autograder.student.selfcheck import Checks, codec
from tests.autograder.toy import TOY

ASSIGNMENTS = [exercises.load(name) for name in paths.ASSIGNMENTS]
SLOW = ("applications", "bayesian_gmm", "coffee", "dpmm", "gibbs_sampling")
quickly_by_name = pytest.mark.parametrize(
    "assignment",
    [pytest.param(one, id=one.name, marks=pytest.mark.long if one.name in SLOW else ()) for one in ASSIGNMENTS],
)
by_name = pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=lambda assignment: assignment.name)


def tags(notebook):
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}


@by_name
def test_the_source_is_a_valid_notebook_with_unique_ids(assignment):
    notebook = build.source_notebook(assignment)

    nbformat.validate(notebook)
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
    assert nbformat.writes(notebook) == nbformat.writes(build.source_notebook(assignment))


def test_random_cell_ids_that_meet_are_no_matter(monkeypatch):
    expected = nbformat.writes(build.source_notebook(ASSIGNMENTS[0]))
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=7))

    assert nbformat.writes(build.source_notebook(ASSIGNMENTS[0])) == expected


@by_name
def test_every_exercise_has_its_cells_with_its_points(assignment):
    cells = tags(build.source_notebook(assignment))

    for exercise in assignment.exercises:
        answer = cells[exercise.name]
        assert answer.metadata.nbgrader.solution
        assert not answer.metadata.nbgrader.locked
        if isinstance(exercise, Written):
            assert answer.cell_type == "markdown"
            assert answer.metadata.nbgrader.points == exercise.points
        else:
            assert re.match(rf"(@gen\n)?def {exercise.name}\(", answer.source)
            check = cells[check_id(exercise.name)].metadata.nbgrader
            assert (check.points, check.locked, check.grade, check.solution) == (exercise.points, True, True, False)
    assert sum(cell.metadata.nbgrader.get("points", 0) for cell in cells.values()) == assignment.points


@by_name
def test_the_metadata_is_schema_3_and_nothing_else(assignment):
    allowed = {"schema_version", "grade_id", "cell_type", "grade", "solution", "locked", "task", "points"}
    for cell in tags(build.source_notebook(assignment)).values():
        folded = set(start.METADATA) if cell.id == build.INSTALL else set()
        assert set(cell.metadata) == {"nbgrader", *folded}
        assert set(cell.metadata.nbgrader) <= allowed
        assert cell.metadata.nbgrader.schema_version == 3
        assert cell.metadata.nbgrader.cell_type == cell.cell_type


@by_name
def test_the_solution_has_no_marks_and_all_answers(assignment):
    text = "\n".join(cell.source for cell in build.solution_notebook(assignment).cells)

    assert "BEGIN SOLUTION" not in text
    assert "END SOLUTION" not in text
    assert "NotImplementedError" not in text


@by_name
def test_the_first_code_cell_pins_versions(assignment):
    notebook = build.source_notebook(assignment)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")

    assert "{{" not in first.source
    assert re.search(r"jax==\d+\.\d+\.\d+", first.source)
    assert "google.colab" in first.source


def test_the_pins_are_those_of_the_kit():
    pins = (paths.ROOT / "pyproject.toml").read_text()

    for assignment in ASSIGNMENTS:
        always = {"jaxlib", *libraries.ALWAYS, *libraries.SHOWN_WITH}
        assert len(build.requirements(assignment)) == len({*always, *assignment.libraries})
        for pin in build.requirements(assignment):
            assert f'"{pin}"' in pins


@by_name
def test_colab_keeps_its_own_library_for_sliders(assignment):
    assert any(pin.startswith("ipywidgets==") for pin in build.requirements(assignment))
    install = tags(build.source_notebook(assignment))["install"]
    assert "ipywidgets" not in next(line for line in install.source.splitlines() if "%pip install" in line)


@by_name
def test_every_given_picture_has_one_place_in_the_text(assignment):
    code = "\n".join(cell.source for cell in build.source_notebook(assignment).cells if cell.cell_type == "code")

    shown = re.findall(r'^show\("(\w+)"', code, re.MULTILINE)
    assert shown == list(assignment.pictures())


@quickly_by_name
def test_public_checks_hold_visible_cases_only(assignment):
    checks = build.public_checks(assignment)
    text = json.dumps(checks, allow_nan=False)

    for exercise in assignment.exercises:
        if not isinstance(exercise, Exercise):
            continue
        public = checks["exercises"][exercise.name]
        assert [case["name"] for case in public["cases"]] == [case.name for case in exercise.cases if case.visible]
        visible = {case.name: case for case in exercise.cases if case.visible}
        for told in public["cases"]:
            case = visible[told["name"]]
            assert codec.decode_rule(told["rule"]) == exercise.rule_of(case)
            assert codec.decode_probe(told["probe"]) == exercise.aspect_of(case).probe
            assert len(told["seeds"]) == case.seeds
        naming = any(not case.seeded for case in visible.values())
        assert len(public["mistakes"]) == (len(exercise.mistakes) if naming else 0)
        for mistake in public["mistakes"]:
            for form in mistake["returns"]:
                assert set(codec.decode(form)) <= set(visible)
        for case in exercise.cases:
            for seed in range(case.seeds):
                assert case.visible or json.dumps(codec.encode(case.arguments(seed))) not in text


@pytest.mark.parametrize(
    "assignment",
    [
        pytest.param(one, id=one.name, marks=() if one.name == "categorization" else pytest.mark.long)
        for one in ASSIGNMENTS
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of a draw from genjax's TensorFlow Probability
def test_the_self_check_finds_the_reference_right(assignment, tmp_path, monkeypatch, capsys):
    build.write_bundle(assignment, tmp_path)
    monkeypatch.chdir(tmp_path)
    reference = importlib.import_module(f"reference.{assignment.name}")
    check = Checks(assignment.name)

    for exercise in assignment.exercises:
        if isinstance(exercise, Exercise):
            check(exercise.name, getattr(reference, exercise.name))
            assert check.passed(exercise.name)
            visible = sum(case.visible for case in exercise.cases)
            assert f"{visible} of {visible} public cases" in capsys.readouterr().out


@by_name
def test_the_text_has_the_points_of_the_exercises(assignment):
    notebook = build.source_notebook(assignment)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")

    told = re.findall(r"^\| (`\w+`|a written question|together) \| (\d+) \|$", text, re.MULTILINE)
    written = assignment.exercises[-1]
    expected = [(f"`{exercise.name}`", exercise.points) for exercise in assignment.exercises[:-1]]
    expected += [("a written question", written.points), ("together", assignment.points)]
    assert [(name, int(points)) for name, points in told] == expected
    assert f"## Written question ({written.points} points)" in text
    assert "{{" not in text


def test_what_cannot_be_filled_in_is_told(tmp_path, monkeypatch):
    text_of(tmp_path, monkeypatch, "# Toy\n\nWorth {{points triple}} points.\n")

    with pytest.raises(KitError, match=r"toy\.md: the placeholder \{\{points triple\}\} is unknown"):
        build.source_notebook(TOY)


def text_of(tmp_path, monkeypatch, body):
    (tmp_path / "toy.md").write_text(body)
    monkeypatch.setattr(paths, "ASSIGNMENT_TEXTS", tmp_path)


def test_an_exercise_without_a_place_is_told(tmp_path, monkeypatch):
    text_of(tmp_path, monkeypatch, "# Toy\n")

    with pytest.raises(KitError, match=r"toy\.md has no place for: double, essay"):
        build.source_notebook(TOY)


def test_a_place_without_an_exercise_is_told(tmp_path, monkeypatch):
    text_of(tmp_path, monkeypatch, '# Toy\n\n```python exercise="triple"\n```\n')

    with pytest.raises(KitError, match="place for 'triple': this exercise is unknown"):
        build.source_notebook(TOY)
