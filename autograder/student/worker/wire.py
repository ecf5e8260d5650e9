"""Messages between the grader and the student's process: a JSON header, then raw arrays.

A frame has two lengths (of the header and of the arrays; big-endian, 4 and 8 bytes), a JSON header, and the bytes of
all arrays one after another, little-endian. Nothing is unpickled or evaluated. The reader treats every byte as hostile,
because a student's code can write to the socket.
"""

import json
import math
import socket
import struct
import time
from typing import Any, NoReturn

import numpy as np

from ..selfcheck.values import Base, Key, Opaque, Prior

LENGTHS = struct.Struct(">IQ")
DTYPES = frozenset(
    f"{kind}{size}"
    for kind, sizes in {"b": (1,), "i": (1, 2, 4, 8), "u": (1, 2, 4, 8), "f": (2, 4, 8)}.items()
    for size in sizes
)
MAX_HEADER = 4_000_000  # bytes; this also limits the number of values and the length of a text
MAX_DEPTH = 20
MAX_DIMENSIONS = 8


class WireError(Exception):
    """The received bytes are not a message."""


class TooLarge(WireError):
    """The message is larger than the reader accepts."""


class Closed(WireError):
    """The other process has closed the connection."""


def send(link: socket.socket, message: dict[str, Any]) -> None:
    """Write one message; see `encode`."""
    link.sendall(encode(message))


def receive(link: socket.socket, *, max_bytes: int, deadline: float | None = None) -> dict[str, Any]:
    """Read one message.

    Args:
        max_bytes: the most bytes that its arrays may have.
        deadline: the time of the monotonic clock, in seconds, by which all of it must have arrived.

    Raises:
        Closed: the other process has closed the connection.
        TooLarge: the message announces more bytes than `max_bytes` or `MAX_HEADER`.
        WireError: the bytes are not a message.
        TimeoutError: the deadline has passed; bytes that arrive slowly do not extend it.
    """
    header_size, body_size = LENGTHS.unpack(read(link, LENGTHS.size, deadline))
    if header_size > MAX_HEADER or body_size > max_bytes:
        raise TooLarge(f"a message of {header_size + body_size} bytes")
    return decode(bytes(read(link, header_size, deadline)), read(link, body_size, deadline))


def encode(message: dict[str, Any]) -> bytes:
    """The frame of a message.

    Keys are str. Values are None, bool, int, float, str, arrays, tuples, dicts, Key, Prior, Base or Opaque. A float
    that JSON cannot represent (NaN, infinity) arrives as an array without dimensions, and half a surrogate pair as a
    question mark.

    Raises:
        TypeError: a value has another type.
    """
    arrays: list[np.ndarray] = []
    header = json.dumps(_flatten(message, arrays)).encode()
    body = [array.tobytes() for array in arrays]
    return b"".join([LENGTHS.pack(len(header), sum(map(len, body))), header, *body])


def unframe(frame: bytes) -> dict[str, Any]:
    """The message of a whole frame.

    Raises:
        WireError: it is not a message.
    """
    if len(frame) < LENGTHS.size:
        raise WireError("a frame without lengths")
    header, _ = LENGTHS.unpack(frame[: LENGTHS.size])
    start = LENGTHS.size + header
    return decode(frame[LENGTHS.size : start], frame[start:])


def decode(header: bytes, body: bytes | bytearray) -> dict[str, Any]:
    """The message of a frame.

    Raises:
        WireError: it is not a message, or its arrays do not fill the body exactly.
    """
    try:
        tree = json.loads(
            header.decode(), parse_constant=_refuse, parse_float=_finite, object_pairs_hook=_without_duplicates
        )
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
        case None | bool() | int():
            return value
        case str():
            return _well_formed(value)
        case float():
            return value if math.isfinite(value) else _flatten(np.asarray(value), arrays)
        case np.ndarray():
            arrays.append(_portable(value))
            return {"array": [arrays[-1].dtype.str[1:], list(value.shape)]}
        case Prior():
            return {"prior": [_flatten(item, arrays) for item in value]}
        case Base():
            return {"base": [_flatten(item, arrays) for item in value]}
        case tuple():
            return {"tuple": [_flatten(item, arrays) for item in value]}
        case dict():
            return {"dict": {_well_formed(name): _flatten(item, arrays) for name, item in value.items()}}
        case Key(seed):
            return {"key": seed}
        case Opaque(type_name):
            return {"opaque": _well_formed(type_name)}
    raise TypeError(f"cannot send a {type(value).__name__}")


def _portable(array: np.ndarray) -> np.ndarray:
    """The array as little-endian numbers of a precision that every machine has."""
    dtype = array.dtype.newbyteorder("<")
    if dtype.kind == "f" and dtype.itemsize > 8:
        dtype = np.dtype("<f8")
    if dtype.str[1:] not in DTYPES:
        raise TypeError(f"cannot send an array of {dtype}")
    return array.astype(dtype, copy=False)


def _well_formed(text: str) -> str:
    return text.encode(errors="replace").decode()


class _Reader:
    def __init__(self, body: memoryview) -> None:
        self.body = body
        self.offset = 0

    def value(self, tree: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise WireError("nested too deep")
        match tree:
            case None | bool() | int() | float():
                return tree
            case str():
                return _encodable(tree)
            case {"array": [str() as dtype, list() as shape]} if len(tree) == 1:
                return self._array(dtype, shape)
            case {"tuple": list() as items} if len(tree) == 1:
                return tuple(self.value(item, depth + 1) for item in items)
            case {"dict": dict() as items} if len(tree) == 1:
                return {_encodable(name): self.value(item, depth + 1) for name, item in items.items()}
            case {"key": int() as seed} if len(tree) == 1:
                return Key(seed)
            case {"prior": list() as items} if len(tree) == 1 and len(items) == len(Prior._fields):
                return Prior(*(self.value(item, depth + 1) for item in items))
            case {"base": list() as items} if len(tree) == 1 and len(items) == len(Base._fields):
                return Base(*(self.value(item, depth + 1) for item in items))
            case {"opaque": str() as type_name} if len(tree) == 1:
                return Opaque(_encodable(type_name))
        raise WireError("an unknown kind of value")

    def _array(self, dtype: str, shape: list[Any]) -> np.ndarray:
        if dtype not in DTYPES:
            raise WireError("an array of a type that is not allowed")
        if len(shape) > MAX_DIMENSIONS or not all(type(length) is int and length >= 0 for length in shape):
            raise WireError("an array without a proper shape")
        size = math.prod(shape) * int(dtype[1:])
        if size > len(self.body) - self.offset:
            raise WireError("an array larger than the message")
        block = self.body[self.offset : self.offset + size]
        self.offset += size
        if dtype == "b1" and size and np.frombuffer(block, np.uint8).max() > 1:
            raise WireError("a truth value that is neither true nor false")
        try:
            # A copy is aligned, writable, and independent of the message.
            return np.frombuffer(block, "<" + dtype).astype(dtype).reshape(shape)
        except ValueError as error:  # an array without entries may still have a length that NumPy cannot represent
            raise WireError("an array without a proper shape") from error


def read(link: socket.socket, size: int, deadline: float | None = None) -> bytearray:
    """Read exactly `size` bytes.

    Args:
        deadline: the time of the monotonic clock, in seconds, by which all bytes must have arrived.

    Raises:
        Closed: the other process has closed the connection.
        TimeoutError: the deadline has passed.
    """
    block = bytearray(size)
    view, filled = memoryview(block), 0
    while filled < size:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0:  # a timeout for each `recv` alone could be extended without end, byte by byte
                raise TimeoutError("the message came too slowly")
            link.settimeout(left)
        count = link.recv_into(view[filled:])
        if count == 0:
            raise Closed("the connection was closed")
        filled += count
    return block


def _encodable(text: str) -> str:
    """The text, if it can be encoded: JSON's escapes can spell half a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise WireError("a text that is not Unicode") from error
    return text


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        _refuse(digits)
    return number


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    tree = dict(pairs)
    if len(tree) != len(pairs):
        raise ValueError("a name that occurs twice")
    return tree
