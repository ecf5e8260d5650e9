import contextlib
import json
import math
import socket
import threading
import time
from itertools import islice
from typing import Any

import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.student.selfcheck.values import Base, Key, Opaque, Prior
from autograder.student.worker import wire
from tests.fuzz import changes, readers

DTYPES = st.sampled_from(sorted(wire.DTYPES)).map(np.dtype)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.builds(Key, st.integers(0, 2**32 - 1)),
    st.builds(Opaque, st.text()),
    hnp.arrays(DTYPES, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(st.text(), inner, max_size=4)
        | st.builds(Prior, inner, inner, inner, inner, inner)
        | st.builds(Base, inner, inner, inner, inner)
    ),
    max_leaves=12,
)
# JSON that often looks like a header, so that the reader's own checks are reached.
TREES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-4, 2**64)
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from(["b1", "f8", "O"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["array", "tuple", "dict", "key", "prior", "opaque"]), inner, max_size=2)
        | st.tuples(DTYPES.map(lambda dtype: dtype.str[1:]), st.lists(st.integers(-1, 2**64), max_size=4)).map(
            lambda described: {"array": list(described)}
        )
    ),
    max_leaves=12,
)


def round_trip(message: dict[str, Any]) -> dict[str, Any]:
    frame = wire.encode(message)
    header, body = wire.LENGTHS.unpack(frame[: wire.LENGTHS.size])
    rest = frame[wire.LENGTHS.size :]
    assert len(rest) == header + body
    return wire.decode(rest[:header], rest[header:])


def same(first: Any, second: Any) -> bool:
    if type(first) is not type(second):
        return False
    match first:
        case np.ndarray():
            return first.dtype == second.dtype and first.shape == second.shape and first.tobytes() == second.tobytes()
        case tuple():
            return len(first) == len(second) and all(map(same, first, second))
        case dict():
            return first.keys() == second.keys() and all(same(first[name], second[name]) for name in first)
    return first == second


def header(tree: Any) -> bytes:
    return json.dumps({"dict": {"value": tree}}).encode()


@given(st.dictionaries(st.text(), VALUES, max_size=4))
@settings(deadline=None)
def test_a_message_arrives_unchanged(message):
    assert same(round_trip(message), message)


@given(st.binary(max_size=200), st.binary(max_size=64))
@settings(deadline=None)
def test_random_bytes_are_a_message_or_an_error(head, body):
    with pytest.raises(wire.WireError):
        wire.decode(head, body)


@given(TREES, st.binary(max_size=64))
@settings(deadline=None, max_examples=300)
def test_any_json_is_a_message_or_an_error(tree, body):
    try:
        message = wire.decode(json.dumps({"dict": {"value": tree}}).encode(), body)
    except wire.WireError:
        return
    assert same(round_trip(message), message)


def test_any_frame_is_a_reply_or_an_error():
    tally = readers.fuzz(islice(changes.frames(changes.SEED), 5_000), readers.frame_outcome)

    assert tally.findings == []
    assert tally.outcomes["accepted: a value"] > 50
    assert tally.outcomes.total() == 5_000


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_header_of_another_encoding_is_refused(encoding):
    with pytest.raises(wire.WireError):
        wire.decode('{"dict": {}}'.encode(encoding), b"")


@pytest.mark.parametrize(
    ("tree", "body"),
    [
        ({"array": ["f8", [-1]]}, b""),
        ({"array": ["f8", [True]]}, bytes(8)),
        ({"array": ["f8", [1.0]]}, bytes(8)),
        ({"array": ["f8", [2]]}, bytes(8)),
        ({"array": ["f8", [2**62, 2**62]]}, b""),
        ({"array": ["f8", [0, 2**62, 2**62]]}, b""),
        ({"array": ["f8", [1] * 9]}, bytes(8)),
        ({"array": ["f8", [1]], "more": 1}, bytes(8)),
        ({"base": [1, 2, 3]}, b""),
        ({"base": [1, 2, 3, 4], "more": 1}, b""),
        ({"array": ["O", [1]]}, bytes(8)),
        ({"array": ["V8", [1]]}, bytes(8)),
        ({"array": ["c16", [1]]}, bytes(16)),
        ({"array": ["f16", [1]]}, bytes(16)),
        ({"array": ["b1", [1]]}, b"\x02"),
        ({"pickle": "gASV"}, b""),
        ({"key": "1"}, b""),
        ({"opaque": None}, b""),
        ({"prior": [1, 2, 3, 4]}, b""),
        ({"prior": [1, 2, 3, 4, 5, 6]}, b""),
        ({"prior": {"alpha": 1}}, b""),
        ({"prior": [1, 2, 3, 4, 5], "more": 1}, b""),
        ({"prior": [1, 2, 3, 4, {"key": "1"}]}, b""),
        ([1, 2], b""),
        ("\ud800", b""),
        ({"opaque": "\ud800"}, b""),
        ({"dict": {"\ud800": 1}}, b""),
        (None, b"left over"),
    ],
    ids=str,
)
def test_an_invalid_value_is_refused(tree, body):
    with pytest.raises(wire.WireError):
        wire.decode(header(tree), body)


@pytest.mark.parametrize(
    "text",
    [
        b'{"dict": {"value": NaN}}',
        b'{"dict": {"value": -Infinity}}',
        b'{"dict": {"value": 1e999}}',
        b'{"dict": {"value": 1, "value": 2}}',
        b'{"dict": {"value": ' + b"9" * 5000 + b"}}",
        b'{"dict": {"value": ' + b'{"tuple": [' * 100_000,
        b'{"dict": {"value": ' + b'{"tuple": [' * 30 + b"]}" * 30 + b"}}",
        b'{"tuple": []}',
        b"\xff",
        b"",
    ],
    ids=lambda text: text[:30].decode(errors="replace"),
)
def test_a_header_that_is_not_strict_json_is_refused(text):
    with pytest.raises(wire.WireError):
        wire.decode(text, b"")


def test_arrays_of_other_machines_keep_their_numbers():
    numbers = [1.5, -2.0, 3.25]
    sent = {"big": np.array(numbers, ">f4"), "long": np.array(numbers, np.longdouble), "view": np.array(numbers)[::-1]}
    arrived = round_trip(sent)
    assert arrived["big"].dtype == np.float32
    assert arrived["long"].dtype == np.float64
    assert arrived["big"].tolist() == arrived["long"].tolist() == arrived["view"].tolist()[::-1] == numbers


def test_arrays_arrive_as_writable_copies():
    sent = np.zeros(3)
    arrived = round_trip({"value": sent})["value"]
    arrived[0] = 1.0
    assert sent[0] == 0.0


def test_a_prior_arrives_as_a_prior():
    prior = Prior(*(np.full(2, i, np.float32) for i in range(5)))
    arrived = round_trip({"args": (Key(1), prior, 3)})["args"]

    assert same(arrived, (Key(1), prior, 3))
    assert type(arrived[1]) is Prior
    assert arrived[1].rate.tolist() == [4, 4]


def test_a_base_arrives_as_a_base():
    base = Base(400.0, np.full(2, 0.5), 2, Key(3))
    arrived = round_trip({"args": (base, (1.0, 2.0, 3.0, 4.0))})["args"]

    assert same(arrived, (base, (1.0, 2.0, 3.0, 4.0)))
    assert type(arrived[0]) is Base


def test_numbers_that_json_lacks_arrive_as_arrays():
    arrived = round_trip({"value": (math.inf, math.nan)})["value"]
    assert arrived[0] == math.inf
    assert np.isnan(arrived[1])


def test_half_a_surrogate_pair_is_replaced():
    assert round_trip({"\udfff": "a\ud800"}) == {"?": "a?"}


@pytest.mark.parametrize(
    "value",
    [object(), {1, 2}, 1j, np.array([object()]), np.array(["a"])],
    ids=["object", "set", "complex", "objects", "texts"],
)
def test_a_value_that_cannot_be_sent_is_the_senders_error(value):
    with pytest.raises(TypeError, match="cannot send"):
        wire.encode({"value": value})


@pytest.fixture
def link():
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def test_messages_keep_their_order(link):
    ours, theirs = link
    for number in range(3):
        wire.send(ours, {"number": number, "x": np.arange(number)})
    assert [wire.receive(theirs, max_bytes=100)["number"] for _ in range(3)] == [0, 1, 2]


def test_a_message_that_announces_too_much_is_not_read(link):
    ours, theirs = link
    for lengths in ((10, 101), (wire.MAX_HEADER + 1, 0)):
        ours.sendall(wire.LENGTHS.pack(*lengths))
        with pytest.raises(wire.TooLarge):
            wire.receive(theirs, max_bytes=100)


def test_an_incomplete_message_is_an_error(link):
    ours, theirs = link
    ours.sendall(wire.encode({"x": np.zeros(4)})[:-1])
    ours.close()
    with pytest.raises(wire.Closed):
        wire.receive(theirs, max_bytes=100)


@pytest.mark.parametrize("pause", [0.01, 0.0])
def test_slow_bytes_do_not_extend_the_deadline(link, pause):
    ours, theirs = link
    size = 10**7

    def drip() -> None:
        ours.sendall(wire.LENGTHS.pack(100, size))
        with contextlib.suppress(BrokenPipeError):
            for _ in range(size):
                ours.sendall(b" ")
                time.sleep(pause)

    thread = threading.Thread(target=drip)
    thread.start()
    with pytest.raises(TimeoutError):
        wire.receive(theirs, max_bytes=size, deadline=time.monotonic() + 0.1)
    theirs.close()
    thread.join()
