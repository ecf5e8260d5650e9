"""Priors of the means that are plausible."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np

from autograder.exercises import Aspect, Exercise, KnownMistake, PlausiblePriors
from autograder.exercises.coffee.data import LOCS

CHOOSE_MEAN_PRIOR = Exercise(
    "choose_mean_prior",
    truth=lambda: {"shape": np.array([3])},
    rule=PlausiblePriors(50, 200),
    aspects=(
        Aspect(
            "the choice",
            points=2,
            hint="Centre the priors within the range, and make the scales so wide that nothing in the range is far "
            "from all of them, and not much wider.",
            closer="Draw your three densities from 0 to 250 mg. Is any level between 50 and 200 mg more than 2.5 "
            "scales from every loc? And how much of the three bells lies outside?",
            visible={"between 50 and 200 mg": ()},
            hidden={},
            exception="there are no arguments that could be hidden, and many priors are right",
        ),
    ),
)


def _priors(locs: Any, scales: Any) -> Callable[[], tuple[Any, Any]]:
    return lambda: (jnp.array(locs), jnp.array(scales))


CHOOSE_MEAN_PRIOR.add(
    KnownMistake(
        name="too_narrow",
        says="The priors leave levels out that are possible.",
        hint="Every level from 50 to 200 mg should be within 2.5 scales of some loc.",
        variant=_priors(LOCS, (5.0, 5.0, 5.0)),
    ),
    KnownMistake(
        name="too_wide",
        says="Most of the prior lies where caffeine never is.",
        hint="Draw from the prior and look: how much lies between 50 and 200 mg?",
        variant=_priors((125.0, 125.0, 125.0), (1000.0, 1000.0, 1000.0)),
    ),
    KnownMistake(
        name="outside_the_range",
        says="A prior is centred where caffeine never is.",
        hint="Every loc should lie between 50 and 200 mg.",
        variant=_priors((0.0, 100.0, 250.0), (50.0, 50.0, 50.0)),
    ),
)


@CHOOSE_MEAN_PRIOR.mistake(
    says="The two bounds of the range are no loc and scale.", hint="Three locs and three scales."
)
def bounds_for_locs_and_scales():
    return (50.0, 200.0)
