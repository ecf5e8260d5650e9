import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from autograder import classroom, exercises, explain, paths
from autograder.course import Course, open_course
from autograder.sandbox import Sandbox

from . import toy


@pytest.fixture(scope="session")
def released_course(tmp_path_factory) -> Path:
    """A course with every assignment released; tests that write take a copy."""
    root = tmp_path_factory.mktemp("course")
    open_course(root, [exercises.load(name) for name in paths.ASSIGNMENTS])
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
    for module in (classroom, explain):
        monkeypatch.setattr(module, "Sandbox", lambda **_: nullcontext(toy_sandbox))


@pytest.fixture
def course(released_course, tmp_path) -> Course:
    """A fresh copy of the released course."""
    return Course(shutil.copytree(released_course, tmp_path / "course"))
