"""Randomness that comes from a key: what every exercise that takes one is asked, and keys for NumPy."""

from typing import Any

import jax
import numpy as np

from autograder.exercises import Aspect, Case
from autograder.exercises.datasets import keyed
from autograder.student.selfcheck.probes import Keys
from autograder.student.selfcheck.rules.draws import FreshKeys

HINT = (
    "All randomness comes from the key. Split it into as many parts as there are random steps, and use each part once: "
    "the same key then gives the same draw, and no two draws are tied to each other."
)


def key_aspect(points: int, base: int, *args: Any, hidden: tuple[Any, ...], compiled: bool = True) -> Aspect:
    """Same key, same draw; other keys, other draws; none used twice."""
    return Aspect(
        name="keys",
        points=points,
        hint=HINT,
        probe=Keys(compiled=compiled),
        truth=lambda *args: None,
        rule=FreshKeys(),
        cases=(
            Case(name="the same key twice, and other keys", seeded=keyed(base, *args), visible=True),
            Case(name="keys, other arguments", seeded=keyed(base + 1, *hidden)),
        ),
    )


def generator(key) -> np.random.Generator:
    """NumPy's generator, from a JAX key."""
    return np.random.default_rng(np.asarray(jax.random.key_data(key)))
