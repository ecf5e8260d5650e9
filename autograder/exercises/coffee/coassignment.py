"""How probable it is that two cups are of one blend."""

import jax
import jax.numpy as jnp

from autograder.exercises import STEP, Arrays, Aspect, Exercise, Part
from autograder.exercises.coffee.data import samples
from reference import coffee as reference

COASSIGNMENT = Exercise(
    "coassignment",
    truth=reference.coassignment,
    rule=Arrays((Part("probabilities", "(N, N)", STEP),)),
    aspects=(
        Aspect(
            "pairs of cups",
            points=3,
            hint="In each draw, two cups have the same label or not. The answer is how often they have.",
            closer="What is the table of a single draw with z = (0, 0, 1)? Three rows and three columns of zeros and"
            " ones, by comparing every label with every label. Then average the tables.",
            visible={"eight draws, five cups": (samples(7, 8, 5)["z"],)},
            hidden={"eight other draws": (samples(8, 8, 5)["z"],), "five draws, nine cups": (samples(9, 5, 9)["z"],)},
        ),
    ),
)


@COASSIGNMENT.mistake(
    says="The average labels of two cups were compared, not their labels in each draw.",
    hint="In each draw, two cups are together or not: average that.",
)
def of_the_averages(z):
    return (jnp.round(z.mean(axis=0))[:, None] == jnp.round(z.mean(axis=0))).astype(float)


@COASSIGNMENT.mistake(says="These are counts.", hint="Divide by the number of draws.")
def counts(z):
    return jnp.sum(z[:, :, None] == z[:, None, :], axis=0)


@COASSIGNMENT.mistake(
    says="The probabilities of two cups were multiplied, as if their blends were independent.",
    hint="Compare within each draw, then average.",
)
def as_if_independent(z):
    return jnp.einsum("ik,jk->ij", jax.nn.one_hot(z, 3).mean(axis=0), jax.nn.one_hot(z, 3).mean(axis=0))


@COASSIGNMENT.mistake(
    says="Draws were compared, not cups.", hint="The result has a row and a column for each cup: (N, N)."
)
def draws_for_cups(z):
    return jnp.mean(z[:, None, :] == z[None, :, :], axis=2)


@COASSIGNMENT.mistake(says="These are the probabilities that two cups differ.", hint="1 minus them.")
def differences(z):
    return jnp.mean(z[:, :, None] != z[:, None, :], axis=0)
