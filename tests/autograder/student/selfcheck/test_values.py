import jax
import jax.numpy as jnp
import numpy as np
import pytest

from autograder.student.selfcheck.values import Opaque, plain


class Series:
    """An array of another library."""

    def __array__(self, dtype=None, copy=None):
        return np.array([1.0, 2.0], dtype)


class Refuses:
    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("no")


@pytest.mark.parametrize(
    "value",
    [
        np.array([1.0, 2.0]),
        np.array([1, 2], dtype=np.int8),
        np.array([1.0, 2.0], dtype=object),
        np.array([1 + 0j, 2 + 0j]),
        jnp.array([1.0, 2.0]),
        jnp.array([1.0, 2.0], dtype=jnp.bfloat16),
        [1, 2.0],
        (1.0, 2.0),
        [np.float32(1), jnp.float32(2)],
        [jnp.array(1.0), 2],
        Series(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_way_to_write_two_numbers_is_an_array(value):
    array = plain(value)

    assert isinstance(array, np.ndarray)
    assert array.dtype.kind in "biuf"
    np.testing.assert_array_equal(array, [1.0, 2.0])


@pytest.mark.parametrize("value", [3, 3.0, True, np.float64(3), jnp.array(3)], ids=str)
def test_a_scalar_is_an_array_without_dimensions(value):
    array = plain(value)

    assert isinstance(array, np.ndarray)
    assert array.shape == ()


def test_nested_lists_are_a_matrix():
    array = plain([[1, 2], [3, 4], [5, 6]])

    assert isinstance(array, np.ndarray)
    assert array.shape == (3, 2)


def test_values_of_different_shapes_stay_separate():
    value = plain((np.ones((3, 2)), -4.5))

    assert isinstance(value, tuple)
    assert [np.shape(item) for item in value] == [(3, 2), ()]  # type: ignore[arg-type]


def test_an_empty_list_is_an_empty_tuple():
    assert plain([]) == ()


def test_a_dict_keeps_its_keys():
    assert set(plain({"pi": [0.5, 0.5], "mu": [1, 2]})) == {"pi", "mu"}  # type: ignore[arg-type]


def test_none_and_text_are_unchanged():
    assert plain(None) is None
    assert plain("two") == "two"


@pytest.mark.parametrize(
    ("value", "type_name"),
    [
        (object(), "object"),
        (len, "builtin_function_or_method"),
        (Refuses(), "Refuses"),
        (np.array([1j]), "ndarray of complex128"),
        (np.array(["a"]), "ndarray of <U1"),
        (np.array([object()]), "ndarray"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_value_without_numbers_is_opaque(value, type_name):
    assert plain(value) == Opaque(type_name)


def test_a_prng_key_is_opaque():
    assert isinstance(plain(jax.random.key(0)), Opaque)


def test_a_value_that_is_nested_too_deep_is_opaque():
    value = [1.0, "x"]
    for _ in range(100):
        value = [value, "x"]

    assert "Opaque" in repr(plain(value))
