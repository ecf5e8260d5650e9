import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
from filelock import FileLock

from autograder import exercises, paths
from autograder.commands import explain, local
from autograder.course.folder import Course
from autograder.course.release import open_course
from autograder.exercises import Assignment
from autograder.exercises.truth import read_stored
from autograder.limits import USUAL
from autograder.sandbox.forkserver import ForkServer
from autograder.sandbox.sandbox import Sandbox
from tests.autograder import toy


@pytest.fixture(scope="session", autouse=True)
def stored() -> None:
    """The values that the kit comes with are not computed again; `test_shipped` computes some of them to compare."""
    for name in paths.ASSIGNMENTS:
        read_stored(exercises.load(name))


@pytest.fixture(scope="session")
def course_of(tmp_path_factory) -> Callable[..., Path]:
    """A course with these assignments, released once for all test processes; tests that write use a copy."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def released(*names: str) -> Path:
        root = shared / f"course of {' '.join(names)}"
        with FileLock(root.with_suffix(".lock")):
            if not (done := root.with_suffix(".done")).exists():
                open_course(root, [exercises.load(name) for name in names])
                done.touch()
        return root

    return released


@pytest.fixture(scope="session")
def released_course(course_of) -> Path:
    """A course with the assignments that are quick to release; tests that write use a copy."""
    return course_of("categorization", "em")


@pytest.fixture(scope="session")
def released_toy(tmp_path_factory) -> Course:
    """A course with the released toy assignment; tests that write use a copy."""
    return toy.course(tmp_path_factory.mktemp("toy") / "course")


@pytest.fixture
def toy_course(released_toy, tmp_path) -> Course:
    """A fresh copy of the course with the toy."""
    return Course(shutil.copytree(released_toy.root, tmp_path / "course"))


@pytest.fixture(scope="session")
def sandbox_of() -> Iterator[Callable[..., Sandbox]]:
    """Make sandboxes that share one fork server: loading the libraries takes far longer than grading a notebook."""

    with ForkServer() as server:
        yield lambda bundle, limits=USUAL: Sandbox(bundle=bundle, server=server, limits=limits)


@pytest.fixture(scope="session")
def toy_sandbox(released_toy, sandbox_of) -> Sandbox:
    return sandbox_of(released_toy.release("toy"))


@pytest.fixture
def shared_sandbox(toy_sandbox, monkeypatch) -> None:
    """Make everything that a test grades or explains run in the shared sandbox."""
    for module in (local, explain):
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
    quadruple = replace(toy.DOUBLE, name="quadruple", truth=reference.quadruple, mistakes=())
    return replace(toy.TOY, exercises=(toy.DOUBLE, quadruple))
