"""The statistics of the class report."""

import statistics
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import pearsonr

from autograder.grading.results import ExerciseResult
from autograder.publish.class_report import scores
from tests.autograder.publish.class_report.toy_class import CLASS, double, essay, verdict
from tests.autograder.toy import TOY


def test_the_numbers_at_the_top_by_hand():
    found = scores.summary(TOY, CLASS, absent=["zoe", "kofi"])

    assert (found.handed_in, found.unreadable, found.waiting) == (6, 1, 2)
    assert found.absent == ("kofi", "zoe")
    assert found.scores == (0, 1, 2, 5, 9)
    assert found.quartiles == (1, 2, 5)
    assert (found.reachable, found.points) == (9, 9)
    assert [(item.low, item.high, item.count) for item in found.bins if item.count] == [
        (0, 1, 1),
        (1, 2, 1),
        (2, 3, 1),
        (5, 6, 1),
        (8, 9, 1),
    ]


def test_points_without_any_mark_are_not_reachable():
    assert scores.summary(TOY, [verdict("ada")]).reachable == 5


def test_late_penalties_count():
    assert scores.summary(TOY, [verdict("ada", late_penalty=2.0)]).scores == (3,)


def test_difficulty_by_hand():
    found, written = scores.difficulties(TOY, CLASS[:5])

    assert (found.name, found.marked, written.name, written.marked) == ("double", 5, "essay", 3)
    assert found.mean == pytest.approx((5 + 2 + 0 + 2 + 0) / 5 / 5)
    assert found.full == pytest.approx(1 / 5)
    assert written.mean == pytest.approx((4 + 3 + 1) / 3 / 4)
    assert written.full == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("pairs", "why"),
    [
        ([(5, 4), (2, 3), (0, 1), (2, 2)], "fewer than 5 marks"),
        ([(5, 4), (5, 3), (5, 1), (5, 2), (5, 0)], "all have the same mark"),
        ([(5, 3), (2, 3), (0, 3), (3, 3), (5, 3)], "all have the same total elsewhere"),
        ([(5, None), (2, 3), (0, 3), (3, 2), (5, 1)], "no other exercise has all its marks"),
    ],
)
def test_discrimination_says_why_there_is_none(pairs, why):
    verdicts = [verdict(f"s{number}", double(a), essay(b)) for number, (a, b) in enumerate(pairs)]

    found, _ = scores.difficulties(TOY, verdicts)

    assert found.discrimination == f"undefined: {why}"


def test_an_exercise_is_not_compared_with_itself():
    names = ("a", "b", "c")
    rows = [(1, 2, 4), (0, 1, 3), (2, 2, 1), (3, 0, 5), (1, 1, 1), (0, 3, 2)]
    assignment = replace(TOY, exercises=tuple(replace(TOY.exercises[1], name=name, points=5) for name in names))
    verdicts = [
        verdict(
            f"s{number}",
            *(ExerciseResult(name=name, score=score, max_score=5) for name, score in zip(names, row, strict=True)),
        )
        for number, row in enumerate(rows)
    ]

    found = scores.difficulties(assignment, verdicts)

    for place, item in enumerate(found):
        own = [row[place] for row in rows]
        rest = [sum(row) - row[place] for row in rows]
        assert isinstance(item.discrimination, scores.Correlation)
        assert item.discrimination.value == pytest.approx(statistics.correlation(own, rest))


MARKS = st.integers(0, 20)


@given(st.lists(st.tuples(MARKS, MARKS), min_size=5, max_size=40))
@settings(deadline=None)
def test_correlations_and_intervals_are_those_of_scipy(pairs):
    x, y = np.array(pairs, float).T
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        return
    truth: Any = pearsonr(x, y)

    found = scores.correlation(x, y)

    assert found.value == pytest.approx(truth.statistic, abs=1e-9)
    if abs(found.value) < 1 - 1e-9:
        interval = truth.confidence_interval()
        assert (found.low, found.high) == pytest.approx((interval.low, interval.high), abs=1e-6)
    assert -1 <= found.low <= found.high <= 1


@given(st.lists(st.floats(0, 100), min_size=2, max_size=50))
@settings(deadline=None)
def test_quartiles_are_those_of_the_standard_library(values):
    assert scores.quartiles(values) == pytest.approx(tuple(statistics.quantiles(values, method="inclusive")))


@given(st.lists(st.floats(0, 60), min_size=1, max_size=50), st.floats(0, 60))
@settings(deadline=None)
def test_bins_lose_nobody_and_are_few(values, reachable):
    for bins in (scores.score_bins(values, reachable), scores.time_bins(values)):
        assert sum(item.count for item in bins) == len(values)
        assert len(bins) <= scores.MOST_BINS
        assert all(item.high == other.low for item, other in pairwise(bins))
    assert scores.score_bins(values, reachable)[0].low == 0


def test_time_by_hand():
    found = scores.time([0.5, 2, 4, 12, 30])

    assert found is not None
    assert (found.median, found.longest, found.total) == (4, 30, 48.5)
    assert [(item.low, item.high, item.count) for item in found.bins] == [
        (0, 1, 1),
        (1, 2, 0),
        (2, 5, 2),
        (5, 10, 0),
        (10, 20, 1),
        (20, 50, 1),
    ]
