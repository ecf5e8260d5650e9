"""The arguments of a public case as code that a student can copy into a cell."""

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np

from ..values import Key, Prior

MOST_NUMBERS = 80  # in all arguments together: more would fill the page
WIDTH = 88


def code(arguments: Mapping[str, Any]) -> str | None:
    """One assignment for each argument, such as `means = jnp.array([500.0, 350.0])`.

    None if the arguments are too large, if they are not numbers, or if their names are unknown.
    """
    if not all(name.isidentifier() for name in arguments) or _numbers(tuple(arguments.values())) > MOST_NUMBERS:
        return None
    lines = []
    for name, value in arguments.items():
        written = _written(value)
        if written is None:
            return None
        lines += textwrap.wrap(f"{name} = {written}", WIDTH, subsequent_indent="    ", break_long_words=False)
    return "\n".join(lines)


def _written(value: Any) -> str | None:
    match value:
        case bool() | int() | float() | str() | None:
            return repr(value)
        case np.ndarray() if value.dtype.kind in "biuf":
            return f"jnp.array({_nested(value)})"
        case Key(seed):
            return f"jax.random.key({seed})"
        case Prior():
            return _called("Prior(", value._asdict(), "{}={}", ")")
        case dict():
            return _called("{", value, '"{}": {}', "}")
        case tuple():
            items = [_written(item) for item in value]
            return None if None in items else f"({', '.join(map(str, items))}{',' * (len(items) == 1)})"
    return None


def _called(opening: str, named: Mapping[str, Any], form: str, closing: str) -> str | None:
    written = {name: _written(value) for name, value in named.items()}
    if None in written.values():
        return None
    return opening + ", ".join(form.format(name, text) for name, text in written.items()) + closing


def _nested(array: np.ndarray) -> str:
    """An array as nested lists, each number with as few digits as give the same float32 again."""
    if array.ndim:
        return f"[{', '.join(map(_nested, array))}]"
    return str(array.item()) if array.dtype.kind in "biu" else _shortest(array)


def _shortest(number: np.ndarray) -> str:
    text = str(number)
    return f'float("{text}")' if text in ("nan", "inf", "-inf") else text


def _numbers(value: Any) -> int:
    match value:
        case np.ndarray():
            return value.size
        case dict():
            return _numbers(tuple(value.values()))
        case tuple():
            return sum(map(_numbers, value))
    return 1
