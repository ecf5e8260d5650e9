"""How uncertain an assignment is."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp

from autograder.exercises import STEP, Arrays, Aspect, Exercise, KnownMistake, Part, catalogue, f32
from reference import gibbs_sampling as reference

ASSIGNMENT_ENTROPY = Exercise(
    "assignment_entropy",
    truth=reference.assignment_entropy,
    rule=Arrays((Part("entropy", "(M,)", STEP),)),
    aspects=(
        Aspect(
            "the number",
            points=1,
            hint="Minus the sum of p log p over each row, with the natural logarithm.",
            closer="For (0.7, 0.3) the two terms are 0.250 and 0.361, in nats. Over which axis do you add them up?",
            visible={"three observations": (f32([0.5, 0.5], [0.9, 0.1], [0.25, 0.75]),)},
            hidden={
                "three components": (f32([0.2, 0.3, 0.5], [0.6, 0.3, 0.1]),),
                "one observation": (f32([0.65, 0.35]),),
            },
        ),
        Aspect(
            "certain ones",
            points=1,
            hint="p log p tends to 0 with p, but in floating point 0 times minus infinity is NaN.",
            closer="Where p is 0, the term is 0, whatever the logarithm says. `jax.scipy.special` has functions that"
            " know it.",
            visible={"beyond doubt": (f32([1, 0], [0.3, 0.7]),)},
            hidden={
                "beyond doubt, three components": (f32([0, 1, 0], [0.5, 0, 0.5]),),
                "beyond doubt, others": (f32([0, 1], [0.8, 0.2], [1, 0]),),
            },
        ),
    ),
)


def _entropy(log: Callable[[Any], Any] = jnp.log, axis: int = 1, sign: int = -1, average: bool = False):
    def assignment_entropy(probabilities):
        terms = jnp.where(probabilities > 0, probabilities * log(jnp.where(probabilities > 0, probabilities, 1)), 0)
        return sign * (terms.mean(axis=axis) if average else terms.sum(axis=axis))

    return assignment_entropy


ASSIGNMENT_ENTROPY.add(
    KnownMistake(
        name="bits",
        says="The entropy is in bits.",
        hint="Nats come from the natural logarithm.",
        variant=_entropy(log=jnp.log2),
    ),
    catalogue.SIGN.here(hint="p log p is never positive; entropy is.", variant=_entropy(sign=1)),
)


@ASSIGNMENT_ENTROPY.mistake(
    catalogue.ZERO_TIMES_INFINITY, hint="p log p tends to 0 with p: `jax.scipy.special.xlogy` or `jnp.where`."
)
def zero_times_infinity(probabilities):
    return -jnp.sum(probabilities * jnp.log(probabilities), axis=1)


ASSIGNMENT_ENTROPY.add(
    KnownMistake(
        name="averaged",
        says="The terms were averaged.",
        hint="The expectation is weighted by p already: add them up.",
        variant=_entropy(average=True),
    ),
)


@ASSIGNMENT_ENTROPY.mistake(
    says="This is 1 minus the sum of squares.",
    hint="That measures the same thing in another way; entropy has a logarithm.",
)
def gini(probabilities):
    return 1 - jnp.sum(probabilities**2, axis=1)
