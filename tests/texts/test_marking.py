"""Properties of every text."""

import re

import pytest

from autograder import paths
from autograder.exercises import Written, load
from tests.texts.printed import source


@pytest.mark.parametrize("name", paths.ASSIGNMENTS)
def test_the_marking_table_adds_up_to_the_points_of_the_question(name):
    [written] = [exercise for exercise in load(name).exercises if isinstance(exercise, Written)]
    [table] = re.findall(r"\| for \| points \|\n\| --- \| --- \|\n((?:\|.*\|\n)+)", source(name))
    assert sum(int(row.rsplit("|", 2)[1]) for row in table.splitlines()) == written.points
