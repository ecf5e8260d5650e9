"""The conditional of the weights."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from autograder.exercises import (
    Aspect,
    Conditional,
    Draws,
    Exercise,
    KnownMistake,
    catalogue,
    datasets,
    distributions,
    f32,
    i32,
    key_aspect,
    keyed,
)
from autograder.exercises.datasets import THREE

SAMPLE_WEIGHTS = Exercise(
    "sample_weights",
    truth=distributions.weights,
    rule=Conditional("dirichlet", "pi"),
    aspects=(
        Aspect(
            "any number of components",
            points=1,
            hint="Given z, pi is again Dirichlet: its concentration is alpha plus how many observations each component "
            "has. A component may have none.",
            closer="With z = (0, 1, 1) and alpha = (2, 0.5) the draw comes from Dirichlet(3, 2.5), whose mean is "
            "(0.545, 0.455). If you count with `bincount`, what does it do with components that nobody has?",
            probe=Draws(),
            visible={"two components": keyed(i32(0, 1, 1, 0, 1, 1, 1, 1), f32(2, 0.5))},
            hidden={
                "one of two is empty": keyed(i32(1, 1, 1, 1, 1, 1, 1, 1), f32(1.5, 3)),
                "three components": keyed(i32(0, 0, 2, 0, 0, 2), f32(2, 0.75, 4)),
            },
        ),
        Aspect(
            "within a sweep",
            points=1,
            hint="In a sweep the assignments are different every time: count them anew.",
            probe=Draws(mapped=(1,)),
            visible={},
            hidden={"a sweep with three components": datasets.in_sweep_weights(THREE)},
            exception="thousands of draws of the parameters are too much to lie beside a notebook",
        ),
        key_aspect(
            1,
            i32(0, 1, 1, 0, 1, 1, 0, 1),
            f32(2, 1.5),
            hidden=(i32(1, 1, 0, 1, 0, 0, 1, 1), f32(0.5, 3)),
            batch=Draws.count,
        ),
    ),
    seconds=60,
)


def _weights(concentration: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def sample_weights(key, z, alpha):
        counts = jax.nn.one_hot(z, len(alpha)).sum(axis=0)
        return jax.random.dirichlet(key, concentration(counts, alpha))

    return sample_weights


SAMPLE_WEIGHTS.add(
    catalogue.PRIOR_FOR_POSTERIOR.here(
        hint="The assignments say something about pi: what do the counts do to alpha?",
        variant=_weights(lambda counts, alpha: alpha),
    ),
    catalogue.ALPHA_IGNORED.here(hint="Add alpha, whatever it is.", variant=_weights(lambda counts, alpha: counts + 1)),
    KnownMistake(
        name="counts_alone",
        says="alpha was left out.",
        hint="A component without observations can still come back: alpha stays.",
        variant=_weights(lambda counts, alpha: counts + 1e-3),
    ),
    KnownMistake(
        name="one_too_few",
        says="The concentration is 1 too small.",
        hint="The exponent of the density is alpha - 1; its parameter is alpha.",
        variant=_weights(lambda counts, alpha: jnp.maximum(counts + alpha - 1, 1e-2)),
    ),
    KnownMistake(
        name="one_too_many",
        says="The concentration is 1 too large.",
        hint="alpha plus counts, nothing else.",
        variant=_weights(lambda counts, alpha: counts + alpha + 1),
    ),
)


def _weights_mean(z, alpha):
    concentration = alpha + jax.nn.one_hot(z, len(alpha)).sum(axis=0)
    return concentration / concentration.sum()


@SAMPLE_WEIGHTS.mistake(catalogue.AVERAGE, hint="A Gibbs step draws.")
def average(key, z, alpha):
    return _weights_mean(z, alpha)


SAMPLE_WEIGHTS.add(
    KnownMistake(
        name="counts_reversed",
        says="The counts belong to other components.",
        hint="Entry k counts the observations with z = k.",
        variant=_weights(lambda counts, alpha: counts[::-1] + alpha),
    ),
)
