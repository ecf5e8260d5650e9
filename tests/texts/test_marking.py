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


@pytest.mark.parametrize("name", paths.ASSIGNMENTS)
def test_a_marked_answer_is_worth_half_of_the_points_and_a_fluent_one_little(name):
    [written] = [exercise for exercise in load(name).exercises if isinstance(exercise, Written)]
    [half] = re.findall(r"\*\*An answer worth (\d+) points\.\*\*", source(name))
    [[marks]] = [re.findall(r"\*Points: ([\d +\n]+)\.", source(name))]
    points = [int(mark) for mark in re.findall(r"\d+", marks)]
    [fluent] = re.findall(r"\*\*A fluent answer that is wrong, worth (\d+) points?\.\*\*", source(name))
    [table] = re.findall(r"\| for \| points \|\n\| --- \| --- \|\n((?:\|.*\|\n)+)", source(name))

    assert sum(points) == int(half)
    assert abs(int(half) - written.points / 2) <= 0.5
    assert len(points) == len(table.splitlines())
    assert int(fluent) < int(half)
