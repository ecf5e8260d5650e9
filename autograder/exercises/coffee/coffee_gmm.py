"""The Bayesian mixture of three blends, as a program."""

from autograder.exercises import (
    STEP,
    Arrays,
    Aspect,
    Assess,
    Exercise,
    KnownMistake,
    Mixture,
    Part,
    Simulate,
    catalogue,
    distributions,
    keyed,
)
from autograder.exercises.coffee.data import LOCS
from autograder.exercises.mixture_programs import choices, easily_miswritten, program
from reference import coffee as reference

COFFEE_GMM = Exercise(
    "coffee_gmm",
    truth=lambda choices, n: reference.coffee_gmm.assess(choices, n)[0],
    rule=Arrays((Part("log density", "()", STEP),)),
    aspects=(
        Aspect(
            "log density",
            points=3,
            hint="As in the model of the bentos, with three components whose prior means differ: low, medium, high.",
            closer="Assess one world, and change one address at a time. If the error changes with mu, look at its "
            "loc and scale; with sigma, at shape and rate; with z, at the logits.",
            probe=Assess(),
            visible={
                "five cups": (
                    choices((0.3, 0.5, 0.2), (82, 118, 155), (2.5, 1.5, 3), (1, 0, 0, 2, 1), (117, 80, 84, 158, 119)),
                    5,
                )
            },
            hidden={
                "five cups, other parameters": (
                    choices((0.1, 0.2, 0.7), (121, 85, 140), (4, 7, 0.75), (2, 2, 0, 1, 2), (141, 139, 126, 93, 140)),
                    5,
                ),
                "one cup": (choices((0.6, 0.3, 0.1), (70, 150, 155), (2, 3.25, 5), (2,), (148,)), 1),
                "eight cups": (
                    choices(
                        (0.25, 0.5, 0.25),
                        (100, 105, 170),
                        (6, 3, 2),
                        (1, 1, 0, 0, 1, 2, 1, 2),
                        (101, 106, 96, 110, 104, 171, 108, 168),
                    ),
                    8,
                ),
            },
        ),
        Aspect(
            "draws",
            points=2,
            hint="Components are drawn independently of each other, cups too. Log probabilities for `categorical`, "
            "shape and rate for `gamma`.",
            probe=Simulate(2000),
            truth=lambda key, n: distributions.simulated(distributions.COFFEE_PRIOR, n),
            rule=Mixture(),
            visible={"2000 worlds with five cups": keyed(5)},
            hidden={"2000 other worlds": keyed(5)},
        ),
    ),
)

SCALE = 20.0

COFFEE_GMM.add(
    *easily_miswritten(LOCS, SCALE),
    catalogue.VARIANCE_FOR_STD.here(
        hint="The second argument of `normal` is a standard deviation, and so is sigma.",
        variant=program(LOCS, SCALE, emission=lambda sigma: sigma**2),
    ),
    KnownMistake(
        name="blends_reversed",
        says="The prior means are in descending order.",
        hint="Blend 0 is the one with little caffeine.",
        variant=program(LOCS[::-1], SCALE),
    ),
    KnownMistake(
        name="same_prior_for_all",
        says="All three means have the same prior.",
        hint="Their prior means are 80, 120 and 160 mg.",
        variant=program((120.0, 120.0, 120.0), SCALE),
    ),
    catalogue.SCALE_OF_THE_MEANS_SQUARED.here(
        hint="The second argument of `normal` is a standard deviation: 20 mg.", variant=program(LOCS, 400.0)
    ),
    KnownMistake(
        name="two_blends",
        says="There are two components.",
        hint="Three blends: K is 3.",
        variant=program((80.0, 160.0), SCALE),
    ),
)
