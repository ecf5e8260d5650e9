import shutil
from pathlib import Path

import pytest

from autograder import exercises
from autograder.course import Course, open_course

from . import toy


@pytest.fixture(scope="session")
def released_course(tmp_path_factory) -> Path:
    """A course with every assignment released; tests that write take a copy."""
    root = tmp_path_factory.mktemp("course")
    open_course(root, [exercises.load(name) for name in exercises.ASSIGNMENTS])
    return root


@pytest.fixture(scope="session")
def released_toy(tmp_path_factory) -> Course:
    """A course with the toy released; tests that write take a copy."""
    return toy.course(tmp_path_factory.mktemp("toy") / "course")


@pytest.fixture
def toy_course(released_toy, tmp_path) -> Course:
    """A fresh copy of the course with the toy."""
    return Course(shutil.copytree(released_toy.root, tmp_path / "course"))


@pytest.fixture
def course(released_course, tmp_path) -> Course:
    """A fresh copy of the released course."""
    return Course(shutil.copytree(released_course, tmp_path / "course"))
