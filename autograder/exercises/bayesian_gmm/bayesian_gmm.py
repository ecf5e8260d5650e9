"""The Bayesian mixture, as a program."""

import jax.numpy as jnp

from autograder.exercises import (
    Aspect,
    Assess,
    Exercise,
    KnownMistake,
    Mixture,
    Simulate,
    catalogue,
    distributions,
    keyed,
)
from autograder.exercises.bayesian_gmm.data import DENSITY
from autograder.exercises.mixture_programs import choices, easily_miswritten, program
from reference import bayesian_gmm as reference

BAYESIAN_GMM = Exercise(
    "bayesian_gmm",
    truth=lambda choices, n: reference.bayesian_gmm.assess(choices, n)[0],
    rule=DENSITY,
    aspects=(
        Aspect(
            "log density",
            points=3,
            hint="The log density is a single number: that of pi, plus those of mu and sigma for both components, plus "
            "those of z and x for every observation. Several draws at one address are a `.vmap(in_axes=(0, 0), "
            "axis_size=n)` of their parameters.",
            closer="Assess your program for one observation, then for two, and look at the shape of the log density:"
            " is it ()? If not, leave out one address after the other: which of them gives a vector?",
            probe=Assess(),
            visible={
                "five bentos": (
                    choices((0.3, 0.7), (352, 499), (2.5, 1.5), (1, 0, 0, 1, 1), (498, 350, 353, 501, 500)),
                    5,
                )
            },
            hidden={
                "five bentos, other parameters": (
                    choices((0.85, 0.15), (380, 455), (4, 9), (0, 0, 1, 0, 1), (371, 379, 460, 384, 430)),
                    5,
                ),
                "one bento": (choices((0.6, 0.4), (300, 520), (0.75, 3.25), (0,), (301,)), 1),
                "eight bentos": (
                    choices(
                        (0.25, 0.75),
                        (420, 405),
                        (6, 3),
                        (1, 1, 0, 0, 1, 0, 1, 1),
                        (400, 406, 423, 411, 409, 431, 402, 404),
                    ),
                    8,
                ),
            },
        ),
        Aspect(
            "draws",
            points=2,
            hint="Components are drawn independently of each other, observations too. Log probabilities for "
            "`categorical`, shape and rate for `gamma`.",
            closer="Draw 1000 worlds and look at one address at a time. The mean of sigma should be 2; that of mu "
            "400, with a standard deviation of 50; and the two entries of mu should have nothing to do with "
            "each other.",
            probe=Simulate(2000),
            truth=lambda key, n: distributions.simulated(distributions.BENTO_PRIOR, n),
            rule=Mixture(),
            visible={"2000 worlds with five bentos": keyed(5)},
            hidden={"2000 other worlds": keyed(5)},
        ),
    ),
)

LOCS = (400.0, 400.0)
SCALE = 50.0

BAYESIAN_GMM.add(
    *easily_miswritten(LOCS, SCALE),
    catalogue.VARIANCE_FOR_STD.here(
        hint="The second argument of `normal` is a standard deviation, and so is sigma.",
        variant=program(LOCS, SCALE, emission=lambda sigma: sigma**2),
    ),
    catalogue.SCALE_OF_THE_MEANS_SQUARED.here(
        hint="The second argument of `normal` is a standard deviation: 50 g.", variant=program(LOCS, 2500.0)
    ),
    KnownMistake(
        name="shape_and_rate_swapped",
        says="The gamma has shape 1 and rate 2.",
        hint="Its first argument is the shape.",
        variant=program(LOCS, SCALE, shape=1.0, rate=2.0),
    ),
    KnownMistake(
        name="weights_without_a_prior",
        says="pi is drawn from another Dirichlet distribution than Dirichlet(1, 1).",
        hint="Ones, not halves or twos.",
        variant=program(LOCS, SCALE, alpha=2.0),
    ),
    catalogue.WEIGHTS_IGNORED.here(hint="z_i follows pi.", variant=program(LOCS, SCALE, logits=jnp.zeros_like)),
    KnownMistake(
        name="labels_swapped",
        says="Observation i is drawn from the other component than z_i.",
        hint="mu[z] picks the mean that belongs to each label.",
        variant=program(LOCS, SCALE, component=lambda z: 1 - z),
    ),
)
