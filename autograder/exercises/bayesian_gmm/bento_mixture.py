"""The known recipe of the bentos, as a program."""

import numpy as np

from autograder.exercises import (
    Aspect,
    Assess,
    Emissions,
    Exercise,
    KnownMistake,
    Simulate,
    catalogue,
    distributions,
    keyed,
)
from autograder.exercises.bayesian_gmm.bento_program import bento_program
from autograder.exercises.bayesian_gmm.data import DENSITY
from reference import bayesian_gmm as reference


def bento(component: int, weight: float) -> dict[str, np.ndarray]:
    return {"component": np.array(component, np.int32), "weight": np.array(weight, np.float32)}


BENTO_MIXTURE = Exercise(
    "bento_mixture",
    truth=lambda choices: reference.bento_mixture.assess(choices)[0],
    rule=DENSITY,
    aspects=(
        Aspect(
            "log density",
            points=2,
            hint="The log density of a bento is log P(component) + log N(weight; its mean, its standard deviation). "
            "`categorical` takes log probabilities.",
            closer="A tonkatsu bento of exactly 500 g has the log density log 0.7 - log 2 - 0.919 = -1.97. By how "
            "much is yours off: by the same amount for both kinds, or not?",
            probe=Assess(),
            visible={"a tonkatsu of 501 g": (bento(0, 501.0),), "a hamburger of 352.5 g": (bento(1, 352.5),)},
            hidden={
                "a light tonkatsu": (bento(0, 494.75),),
                "a light hamburger": (bento(1, 347.0),),
                "an anomaly": (bento(1, 361.0),),
            },
        ),
        Aspect(
            "draws",
            points=1,
            hint="Seven bentos in ten are tonkatsu, near 500 g; the others are hamburger, near 350 g.",
            closer="Simulate 1000 bentos and count the kinds. 60 % tonkatsu in the place of 70 % is what "
            "`categorical` gives when it is handed probabilities.",
            probe=Simulate(2000),
            truth=lambda key: distributions.emitted(2000),
            rule=Emissions(("weight", "component")),
            visible={"2000 bentos": keyed()},
            hidden={"2000 other bentos": keyed()},
        ),
    ),
)

BENTO_MIXTURE.add(
    catalogue.LOGITS_FOR_PROBABILITIES.here(
        hint="It takes logits: their exponentials are normalised. What has (0.7, 0.3) as its exponentials?",
        variant=bento_program(component_logits=(0.7, 0.3)),
    ),
    KnownMistake(
        name="components_swapped",
        says="Hamburger and tonkatsu are swapped.",
        hint="Component 0 is tonkatsu: the heavy one, and the frequent one.",
        variant=bento_program((-1.2039728, -0.35667494), (350.0, 500.0)),
    ),
    catalogue.VARIANCE_FOR_STD.here(
        hint="Its second argument is a standard deviation.", variant=bento_program(stds=(4.0, 4.0))
    ),
    KnownMistake(
        name="even_odds",
        says="Both components come equally often.",
        hint="Seven bentos in ten are tonkatsu.",
        variant=bento_program(component_logits=(0.0, 0.0)),
    ),
)
