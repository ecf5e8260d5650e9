import numpy as np
import pytest

from autograder.student.selfcheck.rules.arrays import EXACT, STEP, Arrays, Named, Part
from autograder.student.selfcheck.rules.mismatch import describe
from autograder.student.selfcheck.values import Opaque, plain

MEANS = Arrays((Part("means", "(K,)", STEP),))
E_STEP = Arrays((Part("resp", "(N, K)", STEP), Part("log_likelihood", "()", STEP)))
COUNT = Arrays((Part("count", "()", EXACT),))

RESP = np.array([[0.25, 0.75], [0.5, 0.5], [1.0, 0.0]])


def test_a_value_within_tolerance_passes():
    assert MEANS.compare(np.array([500.0, 350.25]), np.array([500.004, 350.25])) is None


def test_a_value_beyond_tolerance_is_reported_with_its_place():
    mismatch = MEANS.compare(np.array([500.0, 351.0]), np.array([500.0, 350.25]))

    assert mismatch is not None
    assert mismatch.detail == "means: 1 of 2 values are wrong, first [1]: 351, expected 350.25"


def test_the_summary_holds_no_number_of_the_case():
    for value in (
        Opaque("Weights498"),
        {"x498": 1.0},
        [1.0, [2.0, 3.0]],
        [500.0, 351.0],
        [np.nan, 1.0],
        [1.0, 2.0, 3.0],
        [[1.0, 2.0]],
        4.0,
        None,
    ):
        mismatch = MEANS.compare(plain(value), np.array([500.0, 350.25]))

        assert mismatch is not None
        assert not any(digits in mismatch.summary for digits in "0123456789")


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "means should be an array of shape (K,); got None (is a `return` missing?)"),
        ("two", "means should be an array of shape (K,); got a string"),
        (Opaque("set"), "means should be an array of shape (K,); got an object of type set"),
        ([1.0, 2.0, 3.0], "means should be an array of shape (K,), here (2,); got an array of shape (3,)"),
        (5.0, "means should be an array of shape (K,), here (2,); got a single number"),
        ([1.0, np.nan], "means: there are NaN values, first at [1]"),
        ([np.inf, 1.0], "means: there are infinite values, first at [0]"),
        ({"a": 1}, "means should be an array of shape (K,); got a dict with keys a"),
        (([1.0], [1.0, 2.0]), "means should be an array of shape (K,); "
         "got 2 values (an array of shape (1,), an array of shape (2,))"),
    ],
)  # fmt: skip
def test_each_wrong_kind_of_value_has_its_words(value, says):
    mismatch = MEANS.compare(plain(value), np.array([500.0, 350.25]))

    assert mismatch is not None
    assert mismatch.detail == says


def test_a_transposed_matrix_is_recognised():
    mismatch = E_STEP.compare(plain((RESP.T, -3.0)), (RESP, np.array(-3.0)))

    assert mismatch is not None
    assert "rows and columns are swapped" in mismatch.detail
    assert "rows and columns are swapped" in mismatch.summary


def test_several_values_pass_as_tuple_list_or_stack():
    rule = Arrays((Part("weights", "(K,)"), Part("means", "(K,)")))
    truth = (np.array([0.4, 0.6]), np.array([1.0, 2.0]))

    for value in (truth, [list(item) for item in truth], np.stack(truth)):
        assert rule.compare(plain(value), truth) is None


@pytest.mark.parametrize("value", [RESP, (RESP,), (RESP, -3.0, 1.0), None, -3.0])
def test_the_wrong_number_of_values_is_reported_with_their_order(value):
    mismatch = E_STEP.compare(plain(value), (RESP, np.array(-3.0)))

    assert mismatch is not None
    assert mismatch.detail.startswith("expected 2 values in this order: resp (N, K), log_likelihood (); got ")


def test_swapped_values_do_not_pass():
    assert E_STEP.compare(plain((-3.0, RESP)), (RESP, np.array(-3.0))) is not None


@pytest.mark.parametrize("value", [2, 2.0, np.int8(2), True + 1])
def test_an_exact_count_passes_in_any_type(value):
    assert COUNT.compare(plain(value), np.array(2)) is None


@pytest.mark.parametrize("value", [1, 2.001, [2], "2"])
def test_a_wrong_count_does_not_pass(value):
    assert COUNT.compare(plain(value), np.array(2)) is not None


def test_an_empty_list_is_an_empty_array():
    rule = Arrays((Part("boundaries", "(B,)"),))

    assert rule.compare(plain([]), np.zeros(0)) is None
    assert rule.compare(plain([]), np.zeros(1)) is not None
    assert rule.compare(plain([1.0]), np.zeros(0)) is not None


def test_nan_equals_nan_only_when_mistakes_are_compared():
    nan = np.array([np.nan, 1.0])

    assert MEANS.compare(nan, nan) is not None
    assert MEANS.compare(nan, nan, equal_nan=True) is None
    assert MEANS.compare(np.array([np.nan, 1.0]), np.array([1.0, np.nan]), equal_nan=True) is not None


def test_booleans_are_numbers_but_not_probabilities():
    mismatch = E_STEP.compare(plain((RESP > 0.4, -3.0)), (RESP, np.array(-3.0)))

    assert mismatch is not None


def test_describe_never_shows_numbers_of_the_value():
    assert describe(np.array([123.0, 456.0])) == "an array of shape (2,)"


# --- arrays by name ---

SAMPLES = Named((Part("mu", "(S, K)"), Part("z", "(S, N)", EXACT)))
DRAWS = {"mu": np.array([[350.0, 500.0], [351.0, 499.0]]), "z": np.array([[0, 1, 1], [1, 1, 0]])}


@pytest.mark.parametrize(
    "value",
    [DRAWS, {**DRAWS, "log_weights": "anything"}, {name: array.tolist() for name, array in DRAWS.items()}],
    ids=["arrays", "more", "lists"],
)
def test_a_dict_that_holds_each_array_passes(value):
    assert SAMPLES.compare(plain(value), DRAWS) is None


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (None, "expected a dict with mu, z; got None (is a `return` missing?)"),
        (DRAWS["mu"], "expected a dict with mu, z; got an array of shape (2, 2)"),
        (
            tuple(DRAWS.values()),
            "expected a dict with mu, z; got 2 values (an array of shape (2, 2), an array of shape (2, 3))",
        ),
        ({}, "expected a dict with mu, z; got a dict with keys "),
        ({"mu": DRAWS["mu"], "labels": DRAWS["z"]}, "expected a dict with mu, z; got a dict with keys labels, mu"),
        (
            {**DRAWS, "mu": DRAWS["mu"].T[:1]},
            "mu should be an array of shape (S, K), here (2, 2); got an array of shape (1, 2)",
        ),
        (
            {**DRAWS, "z": DRAWS["z"].T},
            "z should be an array of shape (S, N), here (2, 3); got an array of shape (3, 2): "
            "rows and columns are swapped",
        ),
        ({**DRAWS, "mu": DRAWS["mu"][:, ::-1]}, "mu: 4 of 4 values are wrong, first [0, 0]: 500, expected 350"),
        ({**DRAWS, "z": 1 - DRAWS["z"]}, "z: 6 of 6 values are wrong, first [0, 0]: 1, expected 0"),
        ({**DRAWS, "mu": DRAWS["mu"] * np.nan}, "mu: there are NaN values, first at [0, 0]"),
        ({**DRAWS, "z": None}, "z should be an array of shape (S, N); got None (is a `return` missing?)"),
    ],
    ids=["none", "array", "tuple", "empty", "other names", "shape", "swapped", "wrong", "labels", "nan", "part"],
)
def test_a_wrong_dict_gets_a_message(value, says):
    mismatch = SAMPLES.compare(plain(value), DRAWS)

    assert mismatch is not None
    assert mismatch.detail == says


def test_the_summary_of_a_dict_holds_no_name_that_the_student_chose():
    for value in (
        {"x498": 1.0},
        {**DRAWS, "mu": np.zeros((498, 2))},
        {**DRAWS, "mu": DRAWS["mu"] + 498},
        np.zeros(498),
    ):
        mismatch = SAMPLES.compare(plain(value), DRAWS)

        assert mismatch is not None
        assert not any(digits in mismatch.summary for digits in "0123456789")


def test_an_array_that_a_mistake_leaves_out_must_be_missing():
    mu = np.zeros((3, 2))
    without, whole = plain({"mu": mu}), plain({"mu": mu, "z": np.zeros((3, 4))})

    assert SAMPLES.compare(without, without, equal_nan=True) is None
    assert SAMPLES.compare(whole, without, equal_nan=True)
    assert SAMPLES.compare(without, whole)


def test_nan_equals_nan_in_a_dict_only_when_mistakes_are_compared():
    nan = plain({**DRAWS, "mu": DRAWS["mu"] * np.array([1, np.nan])})

    assert SAMPLES.compare(nan, nan) is not None
    assert SAMPLES.compare(nan, nan, equal_nan=True) is None
