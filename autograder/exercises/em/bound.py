"""The lower bound of the log likelihood: cases, tolerances, points and hints."""

import numpy as np

from autograder.exercises import Aspect, Case, Exercise, f32
from autograder.exercises.em import bound_mistakes as mistakes
from autograder.exercises.em.data import OVERLAP, SPREAD, TABLE, soft
from autograder.exercises.numpy_gaussian import e_step, one_hot
from autograder.student.selfcheck.rules.arrays import STEP, Arrays, Part
from reference import em
from reference.data import BENTOS

TWO = f32(0.4, 0.6), f32(-1, 2), f32(1, 1.5)
RECIPE = f32(0.7, 0.3), f32(500, 350), f32(2, 2)
# The nearest kind of each bento on the table; then with the two that are in doubt the other way.
NEAREST = one_hot(np.array([0, 1, 0, 1, 0, 0, 1, 0]), 2)
OTHERWISE = one_hot(np.array([0, 1, 1, 1, 0, 0, 0, 0]), 2)

ELBO = Exercise(
    name="elbo",
    truth=em.elbo,
    rule=Arrays((Part("elbo", "()", STEP),)),
    aspects=(
        Aspect(
            name="two components",
            points=1,
            hint="For each observation and component: log weight + log density - log responsibility, times the "
            "responsibility. Then add up everything.",
            cases=(
                Case(name="any responsibilities", args=(OVERLAP, soft(8, 2, seed=21), *TWO), visible=True),
                Case(
                    name="right after an E-step",
                    args=(OVERLAP, e_step(OVERLAP, *TWO)[0].astype(np.float32), *TWO),
                    visible=True,
                ),
                Case(
                    name="the responsibilities of other parameters",
                    args=(
                        OVERLAP,
                        e_step(OVERLAP, *TWO)[0].astype(np.float32),
                        f32(0.75, 0.25),
                        f32(-0.5, 2.5),
                        f32(1.5, 0.75),
                    ),
                ),
                Case(
                    name="other points",
                    args=(SPREAD, soft(8, 2, seed=22), f32(0.25, 0.75), f32(0.5, 0), f32(0.75, 5)),
                ),
            ),
        ),
        Aspect(
            name="any number of components",
            points=1,
            hint="K is the length of weights, means and stds: nothing in the code should know that it is 2.",
            cases=(
                Case(
                    name="three components",
                    args=(OVERLAP, soft(8, 3, seed=23), f32(0.2, 0.5, 0.3), f32(-2, 0.5, 3), f32(1, 0.8, 1.25)),
                    visible=True,
                ),
                Case(name="one component", args=(SPREAD, np.ones((8, 1), np.float32), f32(1), f32(0.5), f32(4))),
                Case(
                    name="three components, unordered",
                    args=(SPREAD, soft(8, 3, seed=24), f32(0.3, 0.6, 0.1), f32(4, -4, 0.5), f32(2, 3, 0.75)),
                ),
                Case(
                    name="five components",
                    args=(
                        SPREAD,
                        soft(8, 5, seed=25),
                        f32(0.1, 0.2, 0.3, 0.25, 0.15),
                        f32(-6, -3, 0, 3, 6),
                        f32(1, 2, 1.5, 2.5, 3),
                    ),
                ),
            ),
        ),
        Aspect(
            name="zeros, and far from every mean",
            points=1,
            hint="A responsibility of 0 adds nothing to the bound, however far the observation lies: 0 log 0 is 0. "
            "And the log of a density needs no density.",
            cases=(
                Case(name="hard labels, a bento of 425 g", args=(TABLE, NEAREST, *RECIPE), visible=True),
                Case(name="other hard labels", args=(TABLE, OTHERWISE, *RECIPE)),
                Case(
                    name="hard labels of the bentos",
                    args=(BENTOS, one_hot((BENTOS < 425).astype(int), 2), f32(0.5, 0.5), f32(499, 351), f32(3, 2)),
                ),
                Case(
                    name="heavier by far than any bento",
                    args=(TABLE * f32(1000), NEAREST, f32(0.7, 0.3), f32(500, 350), f32(2, 3)),
                ),
            ),
        ),
    ),
    misconceptions=mistakes.ELBO,
    together=mistakes.ELBO_TOGETHER,
)
