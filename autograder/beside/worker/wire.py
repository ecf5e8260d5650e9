"""Messages between the grader and the student's process: a JSON header, then raw arrays.

A frame is two lengths (header, arrays; big-endian, 4 and 8 bytes), a JSON header,
and the bytes of all arrays one after another. Nothing is unpickled or evaluated.
Whoever reads treats every byte as hostile: a student's code can write to the socket.
"""

import json
import math
import socket
import struct
import time
from typing import Any

import numpy as np

from ..selfcheck.values import Key, Opaque

LENGTHS = struct.Struct(">IQ")
DTYPES = frozenset(
    f"{kind}{size}"
    for kind, sizes in {"b": (1,), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8), "f": (2, 4, 8)}.items()
    for size in sizes
)
MAX_HEADER = 4_000_000
MAX_DEPTH = 20
MAX_DIMENSIONS = 8


class WireError(Exception):
    """What arrived is no message."""


class TooLarge(WireError):
    """The message is larger than the reader accepts."""


class Closed(WireError):
    """The other side is gone."""


def send(link: socket.socket, message: dict[str, Any]) -> None:
    """Write one message: str keys; values None, bool, int, float, str, arrays, tuples, dicts, Key, Opaque."""
    link.sendall(encode(message))


def receive(link: socket.socket, *, max_bytes: int, deadline: float | None = None) -> dict[str, Any]:
    """Read one message whose arrays hold at most `max_bytes`, by a moment of the monotonic clock.

    Raises:
        Closed: the other side is gone.
        TooLarge: the message announces more than is accepted.
        WireError: it is no message.
        TimeoutError: the deadline has passed; bytes that drip in do not extend it.
    """
    header_size, body_size = LENGTHS.unpack(_read(link, LENGTHS.size, deadline))
    if header_size > MAX_HEADER or body_size > max_bytes:
        raise TooLarge(f"a message of {header_size + body_size} bytes")
    return decode(bytes(_read(link, header_size, deadline)), _read(link, body_size, deadline))


def encode(message: dict[str, Any]) -> bytes:
    """One frame."""
    arrays: list[np.ndarray] = []
    header = json.dumps(_flatten(message, arrays)).encode()
    body = [np.ascontiguousarray(array).tobytes() for array in arrays]
    return b"".join([LENGTHS.pack(len(header), sum(map(len, body))), header, *body])


def decode(header: bytes, body: bytes | bytearray) -> dict[str, Any]:
    """The message of a frame.

    Raises:
        WireError: it is no message, or its arrays do not fill the body exactly.
    """
    try:
        tree = json.loads(header, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise WireError(f"the header is not JSON: {error}") from error
    reader = _Reader(memoryview(body))
    message = reader.value(tree, 0)
    if not isinstance(message, dict):
        raise WireError("a message is a dict")
    if reader.offset != len(body):
        raise WireError("bytes are left over")
    return message


def _flatten(value: Any, arrays: list[np.ndarray]) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else _flatten(np.asarray(value), arrays)
        case np.ndarray():
            arrays.append(value)
            return {"array": [value.dtype.str[1:], list(value.shape)]}
        case tuple():
            return {"tuple": [_flatten(item, arrays) for item in value]}
        case dict():
            return {"dict": {str(name): _flatten(item, arrays) for name, item in value.items()}}
        case Key(seed):
            return {"key": seed}
        case Opaque(type_name):
            return {"opaque": type_name}
    raise WireError(f"cannot send a {type(value).__name__}")


class _Reader:
    def __init__(self, body: memoryview) -> None:
        self.body = body
        self.offset = 0

    def value(self, tree: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise WireError("nested too deep")
        match tree:
            case None | bool() | int() | float() | str():
                return tree
            case {"array": [str() as dtype, list() as shape]} if len(tree) == 1:
                return self._array(dtype, shape)
            case {"tuple": list() as items} if len(tree) == 1:
                return tuple(self.value(item, depth + 1) for item in items)
            case {"dict": dict() as items} if len(tree) == 1:
                return {name: self.value(item, depth + 1) for name, item in items.items()}
            case {"key": int() as seed} if len(tree) == 1:
                return Key(seed)
            case {"opaque": str() as type_name} if len(tree) == 1:
                return Opaque(type_name)
        raise WireError("an unknown kind of value")

    def _array(self, dtype: str, shape: list[Any]) -> np.ndarray:
        if dtype not in DTYPES:
            raise WireError("an array of a type that is not allowed")
        if len(shape) > MAX_DIMENSIONS or not all(type(length) is int and length >= 0 for length in shape):
            raise WireError("an array without a proper shape")
        size = math.prod(shape) * int(dtype[1:])
        if size > len(self.body) - self.offset or max(shape, default=0) > 2**40:
            raise WireError("an array larger than the message")
        items = np.frombuffer(self.body[self.offset : self.offset + size], dtype=np.dtype(dtype))
        self.offset += size
        # A copy: aligned, writable, and independent of the message.
        return items.reshape(shape).copy()


def _read(link: socket.socket, size: int, deadline: float | None) -> bytearray:
    block = bytearray(size)
    view, filled = memoryview(block), 0
    while filled < size:
        if deadline is not None:
            link.settimeout(max(deadline - time.monotonic(), 1e-3))
        count = link.recv_into(view[filled:])
        if count == 0:
            raise Closed("the connection was closed")
        filled += count
    return block


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
