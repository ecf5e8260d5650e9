"""Endless inputs: valid ones with changes. The same seed makes the same inputs."""

import json
from collections.abc import Iterator
from random import Random
from typing import Any

from autograder.student.worker import wire
from tests.fuzz.corpus import NAMES, NOTEBOOKS, NUMBERS, REPLIES, TOKENS, VALUES

SEED = 20261123


def frames(seed: int) -> Iterator[bytes]:
    """Endless frames; hardly any of them is valid."""
    random = Random(f"frames {seed}")
    corpus = [wire.encode(reply) for reply in REPLIES]
    start = wire.LENGTHS.size
    split = [(frame[start : start + wire.LENGTHS.unpack(frame[:start])[0]], frame) for frame in corpus]
    while True:
        header, frame = random.choice(split)
        body = frame[start + len(header) :]
        match random.randrange(10):
            case 0:
                yield random.randbytes(random.randrange(64))
            case 1:
                yield _bytes_changed(frame, random, corpus)
            case 2:
                yield wire.LENGTHS.pack(random.choice(NUMBERS), random.choice(NUMBERS)) + header + body
            case 3:
                yield _framed(_bytes_changed(header, random, corpus), body)
            case 4:
                yield _framed(header, _bytes_changed(body, random, corpus))
            case 5 | 6:
                yield _framed(_text_changed(header.decode(), random).encode(errors="surrogatepass"), body)
            case _:
                yield _framed(json.dumps(_tree_changed(json.loads(header), random)).encode(), body)


def notebooks(seed: int) -> Iterator[bytes]:
    """Endless files; hardly any of them is a valid notebook."""
    random = Random(f"notebooks {seed}")
    texts = [json.dumps(notebook) for notebook in NOTEBOOKS]
    corpus = [text.encode() for text in texts]
    while True:
        text = random.choice(texts)
        match random.randrange(10):
            case 0:
                yield random.randbytes(random.randrange(64))
            case 1 | 2:
                yield _bytes_changed(text.encode(), random, corpus)
            case 3:
                yield text.encode(random.choice(["utf-8-sig", "utf-16", "utf-16-le", "utf-32", "utf-7"]))
            case 4 | 5:
                yield _text_changed(text, random).encode(errors="surrogatepass")
            case _:
                yield json.dumps(_tree_changed(json.loads(text), random)).encode()


def _framed(header: bytes, body: bytes) -> bytes:
    return wire.LENGTHS.pack(len(header), len(body)) + header + body


def _bytes_changed(data: bytes, random: Random, corpus: list[bytes]) -> bytes:
    """Flip bits, remove, double or insert bytes, or append the end of another input."""
    place = random.randrange(len(data) + 1)
    end = min(len(data), place + random.choice([1, 2, 4, 16, 256]))
    match random.randrange(6):
        case 0:
            return data[:place]
        case 1:
            return data[:place] + data[end:]
        case 2:
            return data[:end] + data[place:]
        case 3:
            other = random.choice(corpus)
            return data[:place] + other[random.randrange(len(other)) :]
        case 4:
            return data[:place] + random.randbytes(random.randrange(1, 9)) + data[end:]
    changed = bytearray(data)
    for _ in range(random.randrange(1, 9) if changed else 0):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def _text_changed(text: str, random: Random) -> str:
    """JSON with text in it that no JSON writer writes, at the place of a value or a name."""
    places = [place for place, letter in enumerate(text, start=1) if letter in "{[:,"]
    place = random.choice(places)
    # The largest inputs are costly and alike.
    token = random.choice(TOKENS if random.random() < 0.05 else TOKENS[:-3])
    return text[:place] + token + text[place:]


def _tree_changed(tree: Any, random: Random) -> Any:
    """JSON with one to three values or names changed."""
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        tree = _changed(tree, random)
    return tree


def _changed(tree: Any, random: Random) -> Any:
    if not tree or not isinstance(tree, dict | list) or random.random() < 0.1:
        return _nested(tree, random) if random.random() < 0.1 else random.choice(VALUES)
    place = random.choice(list(tree)) if isinstance(tree, dict) else random.randrange(len(tree))
    match random.randrange(8):
        case 0:
            return _without(tree, place)
        case 1 if isinstance(tree, dict):
            return {random.choice(NAMES) if name == place else name: value for name, value in tree.items()}
        case 1:
            return [*tree, *tree[place:]]
        case 2 if isinstance(tree, dict):
            return tree | {random.choice(NAMES): random.choice(VALUES)}
        case 2:
            return [*tree[:place], random.choice(VALUES), *tree[place:]]
    changed = _changed(tree[place], random)
    if isinstance(tree, dict):
        return tree | {place: changed}
    return [*tree[:place], changed, *tree[place + 1 :]]


def _without(tree: Any, place: Any) -> Any:
    if isinstance(tree, dict):
        return {name: value for name, value in tree.items() if name != place}
    return [*tree[:place], *tree[place + 1 :]]


def _nested(tree: Any, random: Random) -> Any:
    """The same value in nested boxes: about as many as a message may have, or far more."""
    name = random.choice([None, "tuple", "dict", "cells", "source"])
    for _ in range(random.choice([2, 19, 20, 21, 200])):
        tree = [tree] if name is None else {name: [tree]}
    return tree
