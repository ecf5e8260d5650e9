"""The log density of the next observation of a cluster."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp

from autograder.exercises import (
    Arrays,
    Aspect,
    Exercise,
    KnownMistake,
    Part,
    catalogue,
    f32,
)
from autograder.exercises.dpmm import cluster_parts
from autograder.exercises.dpmm.cluster_parts import RIGHT, Change
from autograder.exercises.dpmm.data import (
    FIVE,
    OTHER,
    SIX,
    TEN,
)
from reference import dpmm as reference

PREDICTIVE_LOG_DENSITY = Exercise(
    "predictive_log_density",
    truth=reference.predictive_log_density,
    rule=Arrays((Part("log densities", "(M,)"),)),
    aspects=(
        Aspect(
            "after some observations",
            points=2,
            hint="A Student t: 2 a_n degrees of freedom, location m_n, and a scale that is the square root of b_n / "
            "a_n times (c_n + 1) / c_n.",
            closer="First update the four numbers of the base with the n observations, then predict from these four "
            "as if they were a base. In which of the four is the mistake? Print them for one observation.",
            visible={
                "after three observations": (f32(-2, 0, 5), SIX.x[:3], SIX.base),
                "after one observation": (f32(-1, 3.5), f32(2.25), SIX.base),
            },
            hidden={
                "after three others": (f32(-4, 0.5, 2.5), f32(-0.5, 1.75, 2), OTHER),
                "after four bentos": (f32(352, 425, 503), TEN.x[6:], TEN.base),
                "after five observations": (f32(-6, 1.25), FIVE.x, FIVE.base),
            },
        ),
        Aspect(
            "before any observation",
            points=1,
            hint="With n = 0 the base alone predicts. Mind the mean of an empty array: 0/0.",
            closer="The mean of nothing is NaN, but n times the mean is just a sum, and the sum of nothing is 0.",
            visible={"the base alone": (f32(-2, 0, 5), f32(), SIX.base)},
            hidden={
                "another base alone": (f32(-4, 1.5, 2), f32(), OTHER),
                "the base of the bentos": (f32(352, 425, 503), f32(), TEN.base),
            },
        ),
    ),
)


def _predicted(density: Callable[..., Any] = cluster_parts.student, change: Change = RIGHT) -> Callable[..., Any]:
    """The reference with some parts replaced."""

    def predictive_log_density(x_new, x, base):
        return density(x_new, cluster_parts.update(x, jnp.ones(len(x)), base, change))

    return predictive_log_density


PREDICTIVE_LOG_DENSITY.add(
    catalogue.NORMAL_AT_ESTIMATES.here(
        hint="Neither the mean nor the variance is known: a Student t, and a wider one.",
        variant=_predicted(cluster_parts.plugged_in),
    ),
    KnownMistake(
        name="normal_for_t",
        says="The density is normal, where it should be a Student t.",
        hint="The variance is not known exactly: the tails are wider.",
        variant=_predicted(cluster_parts.normal_for_t),
    ),
    catalogue.MEAN_TAKEN_FOR_KNOWN.here(
        hint="A new observation varies around a mean that is itself uncertain.",
        variant=_predicted(cluster_parts.narrow),
    ),
    catalogue.DEGREES_OF_FREEDOM_HALVED.here(
        hint="The shape of an inverse gamma is half the degrees of freedom.",
        variant=_predicted(cluster_parts.degrees_halved),
    ),
    catalogue.VARIANCE_FOR_STD.here(
        hint="`t.logpdf` takes a scale, like a standard deviation.", variant=_predicted(cluster_parts.not_rooted)
    ),
    catalogue.PULL_OF_THE_PRIOR_FORGOTTEN.here(
        hint="Which term of b_n knows where the base expected the data?", variant=_predicted(change=Change(pull=0.0))
    ),
    catalogue.RATE_INVERTED.here(
        hint="b is the rate of the gamma distribution of 1 / s^2, so it is the scale of s^2 itself.",
        variant=_predicted(change=Change(inverse_rate=True)),
    ),
    KnownMistake(
        name="mean_of_the_data",
        says="The density is centred at the mean of the data.",
        hint="The base counts too, like c observations at m. What is left of it with no data at all?",
        variant=_predicted(change=Change(mean_of_the_data=True, guarded=False)),
        forms=(_predicted(change=Change(mean_of_the_data=True)),),
    ),
    catalogue.ZERO_BY_ZERO.here(
        hint="The mean of nothing is NaN, and NaN times 0 is NaN.", variant=_predicted(change=Change(guarded=False))
    ),
    KnownMistake(
        name="logarithm_forgotten",
        says="This is the density, not its logarithm.",
        hint="`logpdf`, not `pdf`.",
        variant=lambda x_new, x, base: jnp.exp(_predicted()(x_new, x, base)),
    ),
)
