"""Convert public cases to strict JSON and back: arrays, tuples, dicts, keys and numbers."""

import math
from typing import Any

import numpy as np

from .probes import PROBES, Probe
from .rules import RULES, Rule
from .rules.arrays import Part, Tolerance
from .values import Base, Key, Opaque, Prior


def encode(value: Any) -> Any:
    """Convert arguments and expected values to a form that `json.dumps(allow_nan=False)` accepts.

    Raises:
        TypeError: a value has another type.
    """
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else {"array": str(value), "dtype": "float64"}
        case np.ndarray():
            return {"array": _finite(_numbers(value)), "dtype": value.dtype.name}
        case Prior():
            return {"prior": [encode(item) for item in value]}
        case Base():
            return {"base": [encode(item) for item in value]}
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
        case {"prior": items}:
            return Prior(*map(decode, items))
        case {"base": items}:
            return Base(*map(decode, items))
        case {"opaque": type_name}:
            return Opaque(type_name)
    return value


def _numbers(array: np.ndarray) -> Any:
    """The numbers of an array. float16 and float32 get only as many digits as are needed to read them back."""
    short = array.dtype.kind == "f" and array.dtype.itemsize < 8
    return array.astype(str).astype(float).tolist() if short else array.tolist()


def _finite(items: Any) -> Any:
    """Replace NaN and infinity, which JSON does not have, by strings; NumPy reads them back."""
    if isinstance(items, list):
        return [_finite(item) for item in items]
    return items if not isinstance(items, float) or math.isfinite(items) else str(items)


def encode_rule(rule: Rule) -> dict[str, Any]:
    """A comparison rule as JSON: the name of its class, and its fields."""
    return {"kind": type(rule).__name__} | {name: _plain_field(field) for name, field in vars(rule).items()}


def decode_rule(value: dict[str, Any]) -> Rule:
    """The inverse of `encode_rule`."""
    fields = {name: field for name, field in value.items() if name != "kind"}
    if "parts" in fields:
        fields["parts"] = tuple(Part(name, shape, Tolerance(*limits)) for name, shape, limits in fields["parts"])
    return RULES[value["kind"]](**{name: tuple(f) if isinstance(f, list) else f for name, f in fields.items()})


def encode_probe(probe: Probe) -> dict[str, Any]:
    """A probe as JSON: the name of its class, and its fields."""
    return {"kind": type(probe).__name__} | vars(probe)


def decode_probe(value: dict[str, Any]) -> Probe:
    """The inverse of `encode_probe`."""
    fields = {name: tuple(f) if isinstance(f, (list, tuple)) else f for name, f in value.items() if name != "kind"}
    return PROBES[value["kind"]](**fields)


def _plain_field(field: Any) -> Any:
    if isinstance(field, tuple):
        return [_plain_field(item) for item in field]
    return [field.name, field.shape, list(field.tolerance)] if isinstance(field, Part) else field
