"""Public cases as strict JSON: arrays, tuples, dicts, keys and numbers, and back."""

import math
from typing import Any

import numpy as np

from .compare import Arrays, Curves, Part, Rule, Tolerance
from .values import Key, Opaque


def encode(value: Any) -> Any:
    """Turn arguments and expected values into what `json.dumps(allow_nan=False)` accepts."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else {"array": str(value), "dtype": "float64"}
        case np.ndarray():
            return {"array": _finite(value.tolist()), "dtype": value.dtype.name}
        case tuple():
            return {"tuple": [encode(item) for item in value]}
        case dict():
            return {"dict": {name: encode(item) for name, item in value.items()}}
        case Key(seed):
            return {"key": seed}
        case Opaque(type_name):
            return {"opaque": type_name}
    raise TypeError(f"cannot write a {type(value).__name__} as JSON")


def decode(value: Any) -> Any:
    """The inverse of `encode`."""
    match value:
        case {"array": items, "dtype": dtype}:
            return np.array(items, dtype=dtype)
        case {"tuple": items}:
            return tuple(decode(item) for item in items)
        case {"dict": items}:
            return {name: decode(item) for name, item in items.items()}
        case {"key": seed}:
            return Key(seed)
        case {"opaque": type_name}:
            return Opaque(type_name)
    return value


def _finite(items: Any) -> Any:
    """JSON has no NaN and no infinity: NumPy reads them back from strings."""
    if isinstance(items, list):
        return [_finite(item) for item in items]
    return items if not isinstance(items, float) or math.isfinite(items) else str(items)


def encode_rule(rule: Rule) -> dict[str, Any]:
    """A comparison rule as JSON."""
    match rule:
        case Arrays(parts):
            return {"arrays": [[part.name, part.shape, list(part.tolerance)] for part in parts]}
        case Curves(min_points, tolerance):
            return {"curves": [min_points, tolerance]}


def decode_rule(value: dict[str, Any]) -> Rule:
    """The inverse of `encode_rule`."""
    if "curves" in value:
        return Curves(*value["curves"])
    return Arrays(tuple(Part(name, shape, Tolerance(*limits)) for name, shape, limits in value["arrays"]))
