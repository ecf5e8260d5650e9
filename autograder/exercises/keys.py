"""Randomness from a key: the aspect of every exercise that takes a key, and NumPy generators made from keys."""

from typing import Any

import numpy as np

from autograder.exercises.model import Aspect, keyed
from autograder.student.selfcheck.probes import Keys
from autograder.student.selfcheck.rules.draws import FreshKeys

HINT = (
    "All randomness comes from the key. Split it into as many parts as there are random steps, and use each part once: "
    "the same key then gives the same draw, and all draws are independent."
)
CLOSER = (
    "Go through the lines that draw. Does another line use the same key, or the next turn of a loop? "
    "`jax.random.split(key, n)` makes n keys from one. A generator of NumPy must be made from the key, in the function."
)


def key_aspect(points: int, *args: Any, hidden: tuple[Any, ...], batch: int = 0, short: int | None = None) -> Aspect:
    """The same key gives the same draw, other keys give other draws, and no key is used twice.

    Args:
        points: the points of the aspect.
        args: the arguments after the key, for the visible case.
        hidden: the arguments after the key, for the hidden case.
        batch, short: see `Keys`.
    """
    return Aspect(
        "keys",
        points=points,
        hint=HINT,
        closer=CLOSER,
        probe=Keys(batch=batch, short=short),
        truth=lambda *args: None,
        rule=FreshKeys(),
        visible={"the same key twice, and other keys": keyed(*args)},
        hidden={"keys, other arguments": keyed(*hidden)},
    )


def generator(key) -> np.random.Generator:
    """Make a NumPy generator from a JAX key."""
    import jax  # declaring exercises does not need it

    return np.random.default_rng(np.asarray(jax.random.key_data(key)))
