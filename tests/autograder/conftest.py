import shutil
from pathlib import Path

import pytest

from autograder import exercises
from autograder.course import Course, open_course


@pytest.fixture(scope="session")
def released_course(tmp_path_factory) -> Path:
    """A course with every assignment released; tests that write take a copy."""
    root = tmp_path_factory.mktemp("course")
    open_course(root, [exercises.load(name) for name in exercises.ASSIGNMENTS])
    return root


@pytest.fixture
def course(released_course, tmp_path) -> Course:
    """A fresh copy of the released course."""
    return Course(shutil.copytree(released_course, tmp_path / "course"))
