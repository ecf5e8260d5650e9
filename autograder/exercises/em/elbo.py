"""The lower bound of the log likelihood."""

import numpy as np

from autograder.exercises import STEP, Arrays, Aspect, Exercise, Part, f32
from autograder.exercises.em.data import OVERLAP, SPREAD, TABLE, soft
from autograder.exercises.numpy_gaussian import e_step, one_hot
from reference import em
from reference.data import BENTOS

# Hard labels of the bentos on the table, except for the two in the middle.
NEAREST = f32([1, 0], [0, 1], [0.25, 0.75], [0, 1], [1, 0], [1, 0], [0.5, 0.5], [1, 0])
OTHERWISE = f32([1, 0], [0, 1], [0.75, 0.25], [0, 1], [1, 0], [1, 0], [0.125, 0.875], [1, 0])
SHARED = one_hot((BENTOS < 425).astype(int), 2)
SHARED[:2] = 0.5
TWO = f32(0.4, 0.6), f32(-1, 2), f32(1, 1.5)
RECIPE = f32(0.7, 0.3), f32(500, 350), f32(2, 2)

ELBO = Exercise(
    "elbo",
    truth=em.elbo,
    rule=Arrays((Part("elbo", "()", STEP),)),
    aspects=(
        Aspect(
            "two components",
            points=1,
            hint="For each observation and component: log weight + log density - log responsibility, times the "
            "responsibility. Then add up everything.",
            closer="Right after an E-step the bound equals the log likelihood. Compute both for one observation. If "
            "the bound is the larger, a sign is wrong; if their difference does not depend on resp, a weight "
            "or a constant is missing.",
            visible={
                "any responsibilities": (OVERLAP, soft(8, 2, seed=21), *TWO),
                "right after an E-step": (OVERLAP, e_step(OVERLAP, *TWO)[0].astype(np.float32), *TWO),
            },
            hidden={
                "the responsibilities of other parameters": (
                    OVERLAP,
                    e_step(OVERLAP, *TWO)[0].astype(np.float32),
                    f32(0.75, 0.25),
                    f32(-0.5, 2.5),
                    f32(1.5, 0.75),
                ),
                "other points": (SPREAD, soft(8, 2, seed=22), f32(0.25, 0.75), f32(0.5, 0), f32(0.75, 5)),
            },
        ),
        Aspect(
            "any number of components",
            points=1,
            hint="K is the length of weights, means and stds: nothing in the code should know that it is 2.",
            visible={
                "three components": (
                    OVERLAP,
                    soft(8, 3, seed=23),
                    f32(0.2, 0.5, 0.3),
                    f32(-2, 0.5, 3),
                    f32(1, 0.8, 1.25),
                )
            },
            hidden={
                "one component": (SPREAD, np.ones((8, 1), np.float32), f32(1), f32(0.5), f32(4)),
                "three components, unordered": (
                    SPREAD,
                    soft(8, 3, seed=24),
                    f32(0.3, 0.6, 0.1),
                    f32(4, -4, 0.5),
                    f32(2, 3, 0.75),
                ),
                "five components": (
                    SPREAD,
                    soft(8, 5, seed=25),
                    f32(0.1, 0.2, 0.3, 0.25, 0.15),
                    f32(-6, -3, 0, 3, 6),
                    f32(1, 2, 1.5, 2.5, 3),
                ),
            },
        ),
        Aspect(
            "zeros, and far from every mean",
            points=1,
            hint="A responsibility of 0 adds nothing to the bound, however far the observation lies: 0 log 0 is 0. "
            "And the log of a density needs no density.",
            closer="0 times minus infinity is NaN, and one NaN spoils the whole sum. `jax.scipy.special` has "
            "functions that know the limit of x log x.",
            visible={"hard labels, but two bentos in doubt": (TABLE, NEAREST, *RECIPE)},
            hidden={
                "hard labels, other doubts": (TABLE, OTHERWISE, *RECIPE),
                "the bentos, two of them shared": (BENTOS, SHARED, f32(0.5, 0.5), f32(499, 351), f32(30, 20)),
                "heavier by far than any bento": (TABLE * f32(1000), NEAREST, f32(0.7, 0.3), f32(500, 350), f32(2, 3)),
            },
        ),
    ),
)
