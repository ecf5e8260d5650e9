import numpy as np

from autograder.beside.selfcheck.compare import Arrays, Part
from autograder.beside.selfcheck.naming import explains

RULES = dict.fromkeys("abc", Arrays((Part("stds", "(K,)"),)))
EXPECTED = {"a": np.array([2.0]), "b": np.array([1.0])}
VARIANCES = {"a": np.array([4.0]), "b": np.array([1.0])}


def test_a_mistake_that_gives_every_value_explains_them():
    assert explains(RULES, {"a": np.array([4.0]), "b": np.array([1.0])}, EXPECTED, VARIANCES)


def test_a_mistake_that_misses_one_value_explains_nothing():
    assert not explains(RULES, {"a": np.array([4.0]), "b": np.array([1.5])}, EXPECTED, VARIANCES)


def test_a_right_answer_is_never_explained():
    assert not explains(RULES, {"b": np.array([1.0])}, EXPECTED, VARIANCES)
    assert not explains(RULES, EXPECTED, EXPECTED, VARIANCES)


def test_a_case_on_which_the_mistake_fails_is_not_explained():
    assert not explains(RULES, {"a": np.array([4.0]), "c": np.array([4.0])}, EXPECTED, VARIANCES)


def test_nothing_came_back():
    assert not explains(RULES, {}, EXPECTED, VARIANCES)


def test_the_same_nan_is_the_same_mistake():
    nan = {"a": np.array([np.nan])}

    assert explains(RULES, nan, EXPECTED, nan)
