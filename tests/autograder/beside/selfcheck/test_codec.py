import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.beside.selfcheck import codec
from autograder.beside.selfcheck.compare import EXACT, STEP, Arrays, Curves, Part
from autograder.beside.selfcheck.values import Key, Opaque

arrays = hnp.arrays(
    st.sampled_from([np.float32, np.float64, np.int32, np.bool_]), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0)
)


@given(arrays)
def test_an_array_survives_the_round_trip_through_strict_json(array):
    text = json.dumps(codec.encode(array), allow_nan=False)

    decoded = codec.decode(json.loads(text))

    assert decoded.dtype == array.dtype
    np.testing.assert_array_equal(decoded, array.reshape(decoded.shape))
    # A length of 0 hides the lengths behind it: nested lists cannot say them.
    assert decoded.size == array.size


@pytest.mark.parametrize(
    "value",
    [None, True, 3, 2.5, "text", (1, (2, 3)), {"a": 1, "b": (1.5,)}, Key(7), Opaque("set")],
    ids=repr,
)
def test_everything_else_survives_too(value):
    assert codec.decode(json.loads(json.dumps(codec.encode(value), allow_nan=False))) == value


def test_an_infinite_float_is_written():
    assert codec.decode(json.loads(json.dumps(codec.encode(float("-inf")), allow_nan=False))) == -np.inf


def test_what_is_unknown_is_refused():
    with pytest.raises(TypeError, match="cannot write a set"):
        codec.encode({1, 2})


@pytest.mark.parametrize(
    "rule", [Arrays((Part("resp", "(N, K)", STEP), Part("log_likelihood", "()", EXACT))), Curves(), Curves(10, 0.5)]
)
def test_a_rule_survives_the_round_trip(rule):
    assert codec.decode_rule(json.loads(json.dumps(codec.encode_rule(rule)))) == rule
