import shutil
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from autograder import exercises
from autograder.commands import explain, grade
from autograder.course.folder import Course
from autograder.course.release import open_course
from autograder.exercises import Assignment
from autograder.sandbox.sandbox import Sandbox
from tests.autograder import toy


@pytest.fixture(scope="session")
def released_course(tmp_path_factory) -> Path:
    """A course with the assignments that are quickly released; tests that write take a copy."""
    root = tmp_path_factory.mktemp("course")
    open_course(root, [exercises.load(name) for name in ("categorization", "em")])
    return root


@pytest.fixture(scope="session")
def released_toy(tmp_path_factory) -> Course:
    """A course with the toy released; tests that write take a copy."""
    return toy.course(tmp_path_factory.mktemp("toy") / "course")


@pytest.fixture
def toy_course(released_toy, tmp_path) -> Course:
    """A fresh copy of the course with the toy."""
    return Course(shutil.copytree(released_toy.root, tmp_path / "course"))


@pytest.fixture(scope="module")
def toy_sandbox(released_toy) -> Iterator[Sandbox]:
    """One sandbox for a module's toys: to load the libraries takes far longer than to grade one."""
    with Sandbox(bundle=released_toy.release("toy")) as sandbox:
        yield sandbox


@pytest.fixture
def shared_sandbox(toy_sandbox, monkeypatch) -> None:
    """Have all that is graded or explained in a test run there."""
    for module in (grade, explain):
        monkeypatch.setattr(module, "Sandbox", lambda **_: nullcontext(toy_sandbox))


@pytest.fixture
def course(released_course, tmp_path) -> Course:
    """A fresh copy of the released course."""
    return Course(shutil.copytree(released_course, tmp_path / "course"))


@pytest.fixture
def doubled_twice(monkeypatch) -> Assignment:
    """The toy with a second exercise, whose reference calls the first."""
    reference = ModuleType("reference.toy")
    exec("def double(x): return 2 * x\ndef quadruple(x): return double(double(x))", reference.__dict__)
    monkeypatch.setitem(sys.modules, reference.__name__, reference)
    quadruple = replace(toy.DOUBLE, name="quadruple", truth=reference.quadruple, misconceptions=())
    return replace(toy.TOY, exercises=(toy.DOUBLE, quadruple))
