"""The example in CONTRIBUTING.md is a whole assignment: it builds, a right answer passes, each mistake is named."""

import importlib
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

import autograder.exercises
import reference
from autograder import paths
from autograder.exercises import Assignment, Exercise
from autograder.exercises.truth import expected, given_by
from autograder.grading.diagnosis import name_mistake
from autograder.notebooks import answers, build
from autograder.student.selfcheck import Checks
from tests.autograder.trials import trials_of

BLOCK = re.compile(r"`([\w/]+\.(?:py|md))`:\n\n(`{3,})\w+\n(.*?)^\2$", re.MULTILINE | re.DOTALL)
MODULES = ("reference.tea", "autograder.exercises.tea", "autograder.exercises.tea.mixture_mean")


@pytest.fixture
def tea(tmp_path, monkeypatch) -> Assignment:
    """The example, made from the blocks, which are files."""
    for path, _, text in BLOCK.findall((paths.ROOT / "CONTRIBUTING.md").read_text()):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    monkeypatch.setattr(paths, "ASSIGNMENT_TEXTS", tmp_path / "assignments")
    _also_in(reference, tmp_path / "reference", monkeypatch)
    _also_in(autograder.exercises, tmp_path / "autograder" / "exercises", monkeypatch)
    # Patched, then removed: after the test, everything that the import added is gone.
    for name in MODULES:
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
        del sys.modules[name]
    for package in (reference, autograder.exercises):
        monkeypatch.setattr(package, "tea", None, raising=False)
        monkeypatch.delattr(package, "tea")
    return importlib.import_module("autograder.exercises.tea").ASSIGNMENT


def _also_in(package: ModuleType, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])


def exercise_of(assignment: Assignment) -> Exercise:
    [exercise] = assignment.exercises
    assert isinstance(exercise, Exercise)
    return exercise


def test_the_module_to_copy_is_short(tea, tmp_path):
    lines = (tmp_path / "autograder/exercises/tea/mixture_mean.py").read_text().splitlines()

    assert len(lines) < 100


def test_the_example_becomes_a_notebook_whose_check_finds_the_answer_right(tea, tmp_path, monkeypatch, capsys):
    cells = {cell.id: cell.source for cell in build.source_notebook(tea).cells}
    assert "### BEGIN SOLUTION" in cells["mixture_mean"]
    assert cells["check_mixture_mean"] == 'check("mixture_mean", mixture_mean)'
    assert any("| `mixture_mean` | 2 |" in source for source in cells.values())

    build.write_bundle(tea, tmp_path / "beside")
    monkeypatch.chdir(tmp_path / "beside")
    check = Checks("tea")
    check("mixture_mean", importlib.import_module("reference.tea").mixture_mean)

    assert check.passed("mixture_mean")
    assert "2 of 2 public cases" in capsys.readouterr().out


def test_each_mistake_of_the_example_loses_points_and_is_named_from_the_public_cases(tea):
    exercise = exercise_of(tea)
    assert [mistake.name for mistake in exercise.mistakes] == [
        "weights_ignored",
        "most_common_only",
        "not_added_up",
    ]

    for mistake in exercise.mistakes:
        values = {case.name: given_by(exercise, mistake.variant, case) for case in exercise.cases}
        for aspect in exercise.aspects:
            assert any(
                exercise.rule_of(case).compare(values[case.name], expected(exercise, case)) is not None
                for case in aspect.cases
                if not case.visible
            )
        public = {case.name: values[case.name] for case in exercise.cases if case.visible}
        named = name_mistake(exercise, trials_of(exercise, public))
        assert named is not None
        assert named.name == mistake.name


def test_the_right_student_of_the_example_passes(tea, tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "answers", lambda assignment: tmp_path / "autograder/exercises" / assignment / "answers")
    monkeypatch.setattr(autograder.exercises, "load", {"tea": tea}.__getitem__)
    monkeypatch.setattr(answers, "given", answers.given.__wrapped__)
    [script] = answers.scripts.__wrapped__("tea")

    function = answers.load(script)["mixture_mean"]

    exercise = exercise_of(tea)
    for case in exercise.cases:
        value = exercise.aspect_of(case).probe(function, case.args)
        assert exercise.rule_of(case).compare(value, expected(exercise, case)) is None
