"""Weights from their logarithms."""

import jax.numpy as jnp
from jax.scipy.special import logsumexp

from autograder.exercises import FIT, Arrays, Aspect, Exercise, Part, catalogue, f32
from reference import bayesian_gmm as reference

NORMALIZE_LOG_WEIGHTS = Exercise(
    "normalize_log_weights",
    truth=reference.normalize_log_weights,
    # A log weight near -1900 has steps of 1e-4 in float32.
    rule=Arrays((Part("weights", "(S,)", FIT),)),
    aspects=(
        Aspect(
            "near 0",
            points=1,
            hint="Weights are the exponentials of the log weights, divided by their sum.",
            closer="Two equal log weights make two weights of 0.5. Now add 10 to both: what changes in your result? "
            "Nothing may.",
            visible={"four weights": (f32(-1.5, 0.25, -3, 1),)},
            hidden={"four other weights": (f32(0.5, -0.75, 2, -2.5),), "five weights": (f32(0, -1, -2, 0.5, 3),)},
        ),
        Aspect(
            "far from 0",
            points=1,
            hint="exp(-1000) is 0, and 0/0 is NaN. A constant that is taken off every log weight changes nothing: "
            "`logsumexp`, or the largest of them.",
            closer="Subtract the largest log weight from all of them. The largest is 0 then, its exponential is 1, "
            "and the sum cannot vanish.",
            visible={"all near -1000": (f32(-1000, -1001, -1000.5, -1003),)},
            hidden={
                "from -1910 to -1900": (f32(-1900, -1910, -1902, -1901),),
                "all near 500": (f32(500, 502, 501, 499.5),),
            },
        ),
    ),
)


@NORMALIZE_LOG_WEIGHTS.mistake(
    catalogue.EXPONENTIATED_FIRST, hint="exp(-1000) is 0. What may be subtracted from all of them before?"
)
def exponentiated_first(log_weights):
    weights = jnp.exp(log_weights)
    return weights / weights.sum()


@NORMALIZE_LOG_WEIGHTS.mistake(
    says="The logarithms themselves were divided by their sum.", hint="Weights are exponentials."
)
def normalised_logs(log_weights):
    return log_weights / jnp.sum(log_weights)


@NORMALIZE_LOG_WEIGHTS.mistake(
    says="What came back are logarithms of the normalised weights.", hint="One more exponential."
)
def logs_returned(log_weights):
    return log_weights - logsumexp(log_weights)


@NORMALIZE_LOG_WEIGHTS.mistake(
    says="The weights do not sum to 1.", hint="After the largest log weight is taken off, divide by the sum."
)
def not_normalised(log_weights):
    return jnp.exp(log_weights - jnp.max(log_weights))
