"""Randomness that comes from a key: what every exercise that takes one is asked, and keys for NumPy."""

from typing import Any

import numpy as np

from autograder.exercises.model import Aspect, keyed
from autograder.student.selfcheck.probes import Keys
from autograder.student.selfcheck.rules.draws import FreshKeys

HINT = (
    "All randomness comes from the key. Split it into as many parts as there are random steps, and use each part once: "
    "the same key then gives the same draw, and no two draws are tied to each other."
)
CLOSER = (
    "Go through the lines that draw. Does another line use the same key, or the next turn of a loop? "
    "`jax.random.split(key, n)` makes n keys from one. A generator of NumPy must be made from the key, in the function."
)


def key_aspect(points: int, *args: Any, hidden: tuple[Any, ...], compiled: bool = True) -> Aspect:
    """Same key, same draw; other keys, other draws; none used twice.

    Args:
        points: what it is worth.
        args: the arguments after the key, of the visible case.
        hidden: those of the hidden case.
        compiled: see `Keys`.
    """
    return Aspect(
        "keys",
        points=points,
        hint=HINT,
        closer=CLOSER,
        probe=Keys(compiled=compiled),
        truth=lambda *args: None,
        rule=FreshKeys(),
        visible={"the same key twice, and other keys": keyed(*args)},
        hidden={"keys, other arguments": keyed(*hidden)},
    )


def generator(key) -> np.random.Generator:
    """NumPy's generator, from a JAX key."""
    import jax  # to declare exercises, nobody needs it

    return np.random.default_rng(np.asarray(jax.random.key_data(key)))
