"""A GenJAX program of a mixture whose weights are the pieces of a stick."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
from genjax import beta, categorical, gamma, gen, normal

from autograder.exercises import (
    Arrays,
    Aspect,
    Assess,
    Exercise,
    KnownMistake,
    Part,
    Simulate,
    Sticks,
    catalogue,
    f32,
    i32,
    keyed,
)
from autograder.exercises.dpmm import distributions
from autograder.exercises.dpmm.data import (
    CUTS,
    MEANS,
    STDS,
)
from autograder.exercises.dpmm.stick_parts import before, shares
from reference import dpmm as reference


def choices(fractions: Any, mu: Any, sigma: Any, z: Any, x: Any) -> dict[str, np.ndarray]:
    """Make a choice map, float32 and int32."""
    return {"fractions": f32(*fractions), "mu": f32(*mu), "sigma": f32(*sigma), "z": i32(*z), "x": f32(*x)}


TRUNCATED_DPMM = Exercise(
    "truncated_dpmm",
    truth=lambda choices, n: reference.truncated_dpmm.assess(choices, n)[0],
    rule=Arrays((Part("log density", "()"),)),
    aspects=(
        Aspect(
            "log density",
            points=3,
            hint="The log density is a single number: that of 9 fractions, of 10 means and 10 standard deviations, and "
            "of z and x for every observation. z_i has the pieces of the stick as its probabilities.",
            closer="Let all fractions be 0.5 and assess with one observation. Between z = 0 and z = 9 the log "
            "density of z must differ by 8 log 2. And look at the shape of the result: it is ().",
            probe=Assess(),
            visible={
                "five bentos": (choices(CUTS, MEANS, STDS, (1, 0, 3, 9, 1), (498, 350, 370.5, 411, 501)), 5),
                "five other bentos": (
                    choices(CUTS[::-1], MEANS[::-1], STDS, (2, 2, 8, 0, 5), (513, 509, 500, 403, 462)),
                    5,
                ),
            },
            hidden={
                "five bentos, other parameters": (
                    choices(CUTS[::-1], MEANS, STDS[::-1], (0, 4, 2, 2, 7), (349, 461, 427, 422, 510)),
                    5,
                ),
                "one bento": (choices(CUTS, MEANS[::-1], STDS, (6,), (372,)), 1),
                "eight bentos": (
                    choices(
                        CUTS,
                        MEANS,
                        STDS[::-1],
                        (9, 8, 8, 0, 1, 9, 2, 5),
                        (405, 440, 443, 347, 500, 408, 429, 396),
                    ),
                    8,
                ),
            },
        ),
        Aspect(
            "draws",
            points=1,
            hint="Fractions ~ Beta(1, 2), each on its own. `categorical` takes the logarithms of the pieces.",
            closer="Simulate 1000 worlds, and look at one address at a time. The mean of each fraction is 1/3, and "
            "label 0 comes in a third of the cases.",
            probe=Simulate(2000),
            truth=lambda key, n: distributions.worlds(n),
            rule=Sticks(),
            visible={"2000 worlds with five bentos": keyed(5)},
            hidden={"2000 other worlds": keyed(5)},
        ),
    ),
)


def program(
    *,
    logits: Callable[[Any], Any] = lambda fractions: jnp.log(reference.stick_breaking(fractions)),
    a: float = 1.0,
    b: float = 2.0,
    scale: float = 50.0,
    shape: float = 2.0,
    rate: float = 1.0,
    emission: Callable[[Any], Any] = lambda sigma: sigma,
) -> Any:
    """The reference with some parts replaced; the defaults are right."""

    @gen
    def truncated_dpmm(num_observations):
        fractions = beta.vmap(in_axes=(0, 0), axis_size=9)(jnp.full(9, a), jnp.full(9, b)) @ "fractions"
        mu = normal.vmap(in_axes=(0, 0), axis_size=10)(jnp.full(10, 400.0), jnp.full(10, scale)) @ "mu"
        sigma = gamma.vmap(in_axes=(0, 0), axis_size=10)(jnp.full(10, shape), jnp.full(10, rate)) @ "sigma"
        z = categorical.repeat(num_observations)(logits(fractions)) @ "z"
        own = emission(sigma)
        return normal.vmap(in_axes=(0, 0), axis_size=num_observations)(mu[z], own[z]) @ "x"

    return truncated_dpmm


@gen
def _vector_parameters(num_observations):
    fractions = beta(jnp.ones(9), jnp.full(9, 2.0)) @ "fractions"
    mu = normal(jnp.full(10, 400.0), jnp.full(10, 50.0)) @ "mu"
    sigma = gamma(jnp.full(10, 2.0), jnp.ones(10)) @ "sigma"
    z = categorical.repeat(num_observations)(jnp.log(reference.stick_breaking(fractions))) @ "z"
    return normal(mu[z], sigma[z]) @ "x"


def _renormalised(fractions):
    pieces = fractions * before(fractions)[:-1]
    return jnp.log(jnp.append(shares(pieces), 1e-6))  # the smallest weight of a piece in chapter 6


TRUNCATED_DPMM.add(
    catalogue.LOGITS_FOR_PROBABILITIES.here(
        hint="It takes logits: their exponentials are normalised. So do the listings of chapter 6, and draw "
        "something else.",
        variant=program(logits=reference.stick_breaking),
    ),
    catalogue.VECTOR_PARAMETERS.here(
        hint="Use `.vmap(in_axes=(0, 0), axis_size=n)` for several draws at one address.", variant=_vector_parameters
    ),
    KnownMistake(
        name="beta_arguments_swapped",
        says="The fractions follow Beta(2, 1).",
        hint="Beta(1, alpha): the larger alpha is, the smaller is each cut.",
        variant=program(a=2.0, b=1.0),
    ),
    KnownMistake(
        name="uniform_fractions",
        says="The fractions follow Beta(1, 1).",
        hint="The concentration is 2.",
        variant=program(b=1.0),
    ),
    KnownMistake(
        name="last_piece_renormalised",
        says="The last component does not have what is left of the stick.",
        hint="z has the ten pieces of `stick_breaking` as its probabilities.",
        variant=program(logits=_renormalised),
    ),
    KnownMistake(
        name="fractions_for_weights",
        says="z is drawn with the fractions as weights.",
        hint="A fraction is of what is left. The weights are the pieces.",
        variant=program(logits=lambda fractions: jnp.log(jnp.append(fractions, 1.0))),
    ),
    catalogue.VARIANCE_FOR_STD.here(
        hint="The second argument of `normal` is a standard deviation, and so is sigma.",
        variant=program(emission=lambda sigma: sigma**2),
    ),
    catalogue.SCALE_OF_THE_MEANS_SQUARED.here(
        hint="The second argument of `normal` is a standard deviation: 50 g.", variant=program(scale=2500.0)
    ),
    KnownMistake(
        name="shape_and_rate_swapped",
        says="The gamma has shape 1 and rate 2.",
        hint="Its first argument is the shape.",
        variant=program(shape=1.0, rate=2.0),
    ),
)
