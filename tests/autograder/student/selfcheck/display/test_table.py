import numpy as np
import pytest

from autograder.student.selfcheck.diagnosis.pairs import Pair
from autograder.student.selfcheck.display.table import ROWS, Row, table
from autograder.student.selfcheck.rules.arrays import Part

X = np.array([350.0, 500.0, 425.0], np.float32)


def pair(value, truth, *, shape="(N,)", name="value", **given) -> Pair:
    value = np.asarray(value, np.float32)
    return Pair(Part(name, shape), value, np.asarray(truth, float), given or {"x": X}, "a case", visible=True)


def test_rows_of_observations_begin_with_the_observation():
    shown = table([pair([1, 2, 3.5], [1, 2, 3])])

    assert shown
    assert (shown.name, shown.places, shown.left) == ("value", "x", 0)
    assert shown.rows[1:] == (Row("500", "2", "2", wrong=False), Row("425", "3.5", "3", wrong=True))


def test_rows_of_components_begin_with_their_number():
    shown = table([pair([[1, 2], [3, 5]], [[1, 2], [3, 4]], shape="(K, D)", means=np.zeros((2, 2)))])

    assert shown
    assert shown.places == "component"
    assert shown.rows == (Row("0", "1  2", "1  2", wrong=False), Row("1", "3  5", "3  4", wrong=True))


def test_numbers_that_would_look_the_same_have_more_digits():
    shown = table([pair([425, 425.02, 2], [425, 424.9774, 2])])

    assert shown
    assert shown.rows[:2] == (Row("350", "425", "425", wrong=False), Row("500", "425.02", "424.9774", wrong=True))


def test_the_first_part_that_is_wrong_is_shown():
    shown = table([pair([1, 2, 3], [1, 2, 3], name="right"), pair([1, 2, 4], [1, 2, 3], name="wrong")])

    assert shown
    assert shown.name == "wrong"


def test_of_a_long_array_only_some_wrong_rows_are_shown():
    truth = np.arange(100.0)
    shown = table([pair(truth + (truth >= 80), truth, x=np.zeros(100, np.float32))])

    assert shown
    assert len(shown.rows) == ROWS
    assert all(row.wrong for row in shown.rows)
    assert shown.left == 20 - ROWS


def test_a_long_row_is_cut():
    (row,) = table([pair(np.ones((1, 40)), np.zeros((1, 40)), shape="(K, N)")]).rows  # pyright: ignore

    assert row.returned == "  ".join([*["1"] * ROWS, "…"])


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        [pair(2.5, 2, shape="()")],
        [pair([1], [2])],
        [pair([1, 2, 3], [1, 2, 3])],
        [pair([1, 2], [1, 2, 3])],
        [pair(np.ones((2, 2, 2)), np.zeros((2, 2, 2)))],
    ],
)
def test_values_that_cannot_be_compared_row_by_row_have_no_table(pairs):
    assert table(pairs) is None


def test_numbers_that_are_not_finite_are_wrong():
    shown = table([pair([np.nan, np.inf, 3], [1, 2, 3])])

    assert shown
    assert [(row.returned, row.wrong) for row in shown.rows] == [("nan", True), ("inf", True), ("3", False)]
