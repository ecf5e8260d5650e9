import jax
import jax.numpy as jnp
import numpy as np
import pytest

from autograder.student.selfcheck.display import arguments
from autograder.student.selfcheck.values import Key, Prior

NUMBERS = np.array([0.1, 1e-7, -3.0, 16777216.0, np.inf], np.float32)


@pytest.mark.parametrize(
    "value",
    [
        NUMBERS,
        np.arange(6, dtype=np.int32).reshape(2, 3),
        np.array([True, False]),
        np.array(0.3, np.float32),
        np.zeros((0,), np.float32),
        {"pi": NUMBERS[:2], "z": np.array([0, 1])},
        Prior(*(NUMBERS[:2] + k for k in range(5))),
        (NUMBERS[:1],),
    ],
)
def test_the_code_makes_the_same_arguments(value):
    text = arguments.code({"given": value})
    assert text is not None
    names = {"jnp": jnp, "jax": jax, "Prior": Prior}
    exec(text, names)
    made, wanted = (jax.tree.leaves(item) for item in (names["given"], value))
    assert jax.tree.structure(names["given"]) == jax.tree.structure(value)
    for array, right in zip(made, wanted, strict=True):
        np.testing.assert_array_equal(array, right)


def test_numbers_texts_and_keys_are_written_too():
    text = arguments.code({"key": Key(3), "n": 4, "rate": 0.5, "kind": "full", "none": None})
    assert text == "key = jax.random.key(3)\nn = 4\nrate = 0.5\nkind = 'full'\nnone = None"


@pytest.mark.parametrize(
    "given",
    [
        {"x": np.zeros(81)},
        {"a": np.zeros(50), "b": np.zeros(50)},
        {"argument 1": 1},
        {"x": object()},
        {"x": (object(),)},
    ],
)
def test_large_or_unknown_arguments_are_not_written(given):
    assert arguments.code(given) is None


def test_long_lines_are_broken_between_numbers():
    text = arguments.code({"x": np.linspace(0, 1, 40, dtype=np.float32)})
    assert text is not None
    assert all(len(line) <= arguments.WIDTH for line in text.splitlines())
