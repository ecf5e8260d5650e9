"""Decorators that run the same body with another number type, as a student does in the first line of a function."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np


def numpy64(function: Callable[..., Any]) -> Callable[..., Any]:
    """Every float array as NumPy float64, every integer array as NumPy."""
    return _converted(function, lambda a: np.asarray(a, np.float64 if a.dtype.kind == "f" else None))


def numpy32(function: Callable[..., Any]) -> Callable[..., Any]:
    """Every array as NumPy, in its own type."""
    return _converted(function, np.asarray)


def lists(function: Callable[..., Any]) -> Callable[..., Any]:
    """Every array as nested Python lists."""
    return _converted(function, lambda a: np.asarray(a).tolist())


def x64(function: Callable[..., Any]) -> Callable[..., Any]:
    """JAX with 64 bits enabled."""
    wide = _converted(function, lambda a: jnp.asarray(a, np.float64 if a.dtype.kind == "f" else None))

    @wraps(function)
    def call(*args):
        with jax.enable_x64(True):
            return wide(*args)

    return call


def _converted(function: Callable[..., Any], convert: Callable[[Any], Any]) -> Callable[..., Any]:
    @wraps(function)
    def call(*args):
        return function(*(convert(arg) if isinstance(arg, jax.Array) and not _is_key(arg) else arg for arg in args))

    return call


def _is_key(array: jax.Array) -> bool:
    return jnp.issubdtype(array.dtype, jax.dtypes.prng_key)
