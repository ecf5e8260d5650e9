"""Convert any returned value to plain NumPy: arrays, tuples, dicts, str, None or Opaque."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from . import figures
from .figures import artists

MAX_DEPTH = 6


@dataclass(frozen=True)
class Opaque:
    """A returned value that is not made of numbers; only the name of its type is known."""

    type_name: str


@dataclass(frozen=True)
class Key:
    """A PRNG key among a case's arguments; it becomes `jax.random.key(seed)` for the call."""

    seed: int


class Prior(NamedTuple):
    """Priors of a mixture's parameters: five arrays of shape (K,), with one number for each component.

    pi ~ Dirichlet(alpha), mu_k ~ Normal(loc_k, scale_k), sigma_k ~ Gamma(shape_k, rate_k).
    """

    alpha: Any
    loc: Any
    scale: Any
    shape: Any
    rate: Any


class Base(NamedTuple):
    """The prior of any cluster: four numbers.

    s^2 ~ InverseGamma(shape, rate), mu ~ Normal(loc, s / sqrt(count)).
    """

    loc: Any
    count: Any
    shape: Any
    rate: Any


type Plain = np.ndarray | tuple["Plain", ...] | dict[str, "Plain"] | str | Opaque | None


def map_leaves(function: Callable[[Any], Any], value: Any) -> Any:
    """Apply a function to each part of a value that is not a tuple, dict, `Prior` or `Base`."""
    match value:
        case Prior() | Base():
            return type(value)(*(map_leaves(function, item) for item in value))
        case tuple():
            return tuple(map_leaves(function, item) for item in value)
        case dict():
            return {name: map_leaves(function, item) for name, item in value.items()}
    return function(value)


def leaves(value: Any) -> list[Any]:
    """The parts of a value that are not a tuple, dict, `Prior` or `Base`, in their order."""
    found: list[Any] = []
    map_leaves(found.append, value)
    return found


def argument(value: Any) -> Any:
    """Convert a case's argument to the form that a notebook uses: JAX arrays and PRNG keys. Other values stay."""
    return map_leaves(_in_jax, value)


def _in_jax(leaf: Any) -> Any:
    import jax  # imported here: other processes import this module, and JAX must not start there

    match leaf:
        case np.ndarray():
            return jax.numpy.asarray(leaf)
        case Key(seed):
            return jax.random.key(seed)
    return leaf


def plain(value: Any, *, depth: int = 0) -> Plain:
    """Convert a returned value to arrays.

    - JAX and NumPy arrays, Python numbers and objects with `__array__` become an array.
    - A list or tuple whose items have the same shape becomes one array; any other list or tuple becomes a tuple.
    - A mapping becomes a dict.
    - A matplotlib figure becomes a dict of its lines and labels (`artists.read`).
    """
    if value is None or isinstance(value, (Opaque, str)):
        return value
    if figures.is_figure(value):
        return plain(artists.read(value))
    if depth > MAX_DEPTH:
        return Opaque("a structure nested too deep")
    if isinstance(value, Mapping):
        return {str(key): plain(item, depth=depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return _sequence(value, depth)
    if isinstance(value, (bool, int, float, complex)) or hasattr(value, "__array__"):
        return _array(value)
    return Opaque(_type_name(value))


def _sequence(value: list | tuple, depth: int) -> Plain:
    # The common case comes first: a long list of Python numbers needs no recursion.
    if value and all(type(item) in (int, float, bool) for item in value):
        return _array(value)
    items = tuple(plain(item, depth=depth + 1) for item in value)
    arrays = [item for item in items if isinstance(item, np.ndarray)]
    if items and len(arrays) == len(items) and len({array.shape for array in arrays}) == 1:
        return np.stack(arrays)
    return items


def _array(value: Any) -> np.ndarray | Opaque:
    try:
        array = np.asarray(value)
        if array.dtype.kind == "O":
            array = array.astype(np.float64)
    except Exception:  # an array type may raise any error
        return Opaque(_type_name(value))
    if array.dtype.kind == "V":  # bfloat16 and other extension types
        array = array.astype(np.float32)
    if array.dtype.kind == "c" and not np.any(array.imag):
        array = array.real  # for example the roots that `np.roots` finds
    return array if array.dtype.kind in "biuf" else Opaque(f"{_type_name(value)} of {array.dtype}")


def _type_name(value: Any) -> str:
    return type(value).__name__
