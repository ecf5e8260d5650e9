"""How many equal weights some weights are worth."""

import jax
import jax.numpy as jnp
import numpy as np

from autograder.exercises import STEP, Arrays, Aspect, Exercise, Part, f32
from reference import bayesian_gmm as reference

EFFECTIVE_SAMPLE_SIZE = Exercise(
    "effective_sample_size",
    truth=reference.effective_sample_size,
    rule=Arrays((Part("effective sample size", "()", STEP),)),
    aspects=(
        Aspect(
            "the number",
            points=2,
            hint="Square the weights, add them up, and take the inverse: S equal weights then give S.",
            closer="With weights (0.5, 0.5) the squares sum to 0.5, and the draws are worth 2. With (1, 0) they are "
            "worth 1. And yours?",
            visible={"four weights": (f32(0.5, 0.25, 0.125, 0.125),)},
            hidden={
                "equal weights": (np.full(10, 0.1, np.float32),),
                "one draw has it all": (f32(0, 0, 1, 0),),
                "six weights": (f32(0.4, 0.3, 0.1, 0.1, 0.05, 0.05),),
            },
        ),
    ),
)


@EFFECTIVE_SAMPLE_SIZE.mistake(
    says="This is the sum of the squares.", hint="Its inverse grows with the number of draws that count."
)
def sum_of_squares(weights):
    return jnp.sum(weights**2)


@EFFECTIVE_SAMPLE_SIZE.mistake(
    says="This is how many draws have a weight.", hint="A draw of small weight counts for less than one."
)
def number_of_draws(weights):
    return jnp.sum(weights > 0)


@EFFECTIVE_SAMPLE_SIZE.mistake(
    says="A square root was taken.", hint="The inverse of the sum of squares, without a root."
)
def root(weights):
    return 1 / jnp.sqrt(jnp.sum(weights**2))


@EFFECTIVE_SAMPLE_SIZE.mistake(
    says="This is the exponential of the weights' entropy.",
    hint="That is another measure of the same thing; here the sum of squares is asked for.",
)
def perplexity(weights):
    return jnp.exp(-jax.scipy.special.xlogy(weights, weights).sum())
