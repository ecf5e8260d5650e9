"""One cluster and one observation that moves: cases, tests, points and hints."""

from autograder.exercises import Aspect, Case, Exercise, f32, i32
from autograder.exercises.dpmm import cluster_mistakes, reassignment_mistakes
from autograder.exercises.dpmm.datasets import EIGHT, FIVE, FOUR, SIX, TEN
from autograder.student.selfcheck.rules.arrays import STEP, Arrays, Part
from autograder.student.selfcheck.values import Base
from reference import dpmm as reference

OTHER = Base(-1.0, 2.5, 1.75, 3.25)
HEAVY, LIGHT = Base(499.0, 0.5, 3.0, 0.5), Base(351.0, 0.625, 2.5, 0.75)
FOUR_HEAVY, FIVE_LIGHT = f32(497.3, 499.1, 500.2, 502.4), f32(347.2, 349.4, 350.1, 352.3, 353.7)

CLUSTER_LOG_MARGINAL = Exercise(
    name="cluster_log_marginal",
    truth=reference.cluster_log_marginal,
    rule=Arrays((Part("log p(x)", "()", STEP),)),
    aspects=(
        Aspect(
            name="any number of observations",
            points=2,
            hint="Compute c_n, a_n and b_n first, each on a line of its own, and check them with one observation by "
            "hand. With no observation nothing changes, and the logarithm is 0.",
            cases=(
                Case(name="three observations", args=(SIX.x[:3], SIX.base), visible=True),
                Case(name="one observation", args=(f32(2.25), SIX.base), visible=True),
                Case(name="no observation", args=(f32(), SIX.base), visible=True),
                Case(name="three observations, another base", args=(f32(-0.5, 1.75, 2), OTHER)),
                Case(name="five observations", args=(FIVE.x, FIVE.base)),
                Case(name="one observation, another base", args=(f32(-3.5), OTHER)),
                Case(name="no observation, another base", args=(f32(), OTHER)),
            ),
        ),
        Aspect(
            name="bentos",
            points=1,
            hint="Near 500 g a difference of two large numbers has few digits left in float32. Subtract the mean "
            "first, "
            "then square.",
            cases=(
                Case(name="four bentos", args=(FOUR_HEAVY, HEAVY), visible=True),
                Case(name="five bentos", args=(FIVE_LIGHT, LIGHT)),
                Case(name="three bentos", args=(f32(499.55, 501.3, 500.7), HEAVY)),
            ),
        ),
    ),
    misconceptions=cluster_mistakes.CLUSTER_LOG_MARGINAL,
)

PREDICTIVE_LOG_DENSITY = Exercise(
    name="predictive_log_density",
    truth=reference.predictive_log_density,
    rule=Arrays((Part("log densities", "(M,)", STEP),)),
    aspects=(
        Aspect(
            name="after some observations",
            points=2,
            hint="A Student t: 2 a_n degrees of freedom, location m_n, and a scale that is the square root of b_n / "
            "a_n times (c_n + 1) / c_n.",
            cases=(
                Case(name="after three observations", args=(f32(-2, 0, 5), SIX.x[:3], SIX.base), visible=True),
                Case(name="after one observation", args=(f32(-1, 3.5), f32(2.25), SIX.base), visible=True),
                Case(name="after three others", args=(f32(-4, 0.5, 2.5), f32(-0.5, 1.75, 2), OTHER)),
                Case(name="after four bentos", args=(f32(352, 425, 503), TEN.x[6:], TEN.base)),
                Case(name="after five observations", args=(f32(-6, 1.25), FIVE.x, FIVE.base)),
            ),
        ),
        Aspect(
            name="before any observation",
            points=1,
            hint="With n = 0 the base alone predicts. Mind the mean of an empty array: 0/0.",
            cases=(
                Case(name="the base alone", args=(f32(-2, 0, 5), f32(), SIX.base), visible=True),
                Case(name="another base alone", args=(f32(-4, 1.5, 2), f32(), OTHER)),
                Case(name="the base of the bentos", args=(f32(352, 425, 503), f32(), TEN.base)),
            ),
        ),
    ),
    misconceptions=cluster_mistakes.PREDICTIVE_LOG_DENSITY,
)

REASSIGNMENT_PROBABILITIES = Exercise(
    name="reassignment_probabilities",
    truth=reference.reassignment_probabilities,
    rule=Arrays((Part("probabilities", "(N,)", STEP),)),
    aspects=(
        Aspect(
            name="one of several",
            points=3,
            hint="Take observation i out first: out of the counts, the means and the squares. Each cluster then has "
            "its size times its predictive density at x_i, a new one has alpha times that of the base. Divide by the "
            "sum.",
            cases=(
                Case(name="three pairs", args=(2, SIX.x, i32(0, 0, 1, 1, 2, 2), SIX.alpha, SIX.base), visible=True),
                Case(
                    name="labels with gaps", args=(4, SIX.x, i32(5, 5, 5, 3, 3, 3), SIX.alpha, SIX.base), visible=True
                ),
                Case(name="others move", args=(1, SIX.x, i32(1, 1, 4, 0, 4, 0), SIX.alpha, SIX.base)),
                Case(name="one cluster", args=(0, FIVE.x, i32(2, 2, 2, 2, 2), FIVE.alpha, FIVE.base)),
                Case(name="four observations", args=(3, FOUR.x, i32(3, 1, 1, 3), 0.5, OTHER)),
                Case(name="eight", args=(5, EIGHT.x, i32(7, 0, 0, 7, 2, 2, 2, 0), EIGHT.alpha, EIGHT.base)),
            ),
        ),
        Aspect(
            name="alone",
            points=1,
            hint="Where i was alone, its label becomes free. The new cluster stands at the lowest label that none of "
            "the others has: which one is that?",
            cases=(
                Case(
                    name="alone at a low label",
                    args=(2, SIX.x, i32(0, 0, 1, 2, 2, 3), SIX.alpha, SIX.base),
                    visible=True,
                ),
                Case(name="alone at a high label", args=(0, SIX.x, i32(5, 0, 0, 2, 2, 3), SIX.alpha, SIX.base)),
                Case(name="all alone", args=(3, FIVE.x, i32(4, 3, 2, 1, 0), FIVE.alpha, FIVE.base)),
            ),
        ),
        Aspect(
            name="bentos",
            points=1,
            hint="Add up logarithms, and use `jax.nn.softmax` or subtract the largest one: far from a cluster its "
            "density is 0 in float32. And subtract means before squaring.",
            cases=(
                Case(
                    name="the odd bento",
                    args=(5, TEN.x, i32(0, 0, 0, 0, 0, 0, 6, 6, 6, 6), TEN.alpha, TEN.base),
                    visible=True,
                ),
                Case(name="a light bento", args=(3, TEN.x, i32(0, 0, 0, 0, 4, 8, 6, 6, 6, 6), TEN.alpha, TEN.base)),
                Case(name="a heavy bento", args=(8, TEN.x, i32(1, 1, 1, 1, 1, 3, 3, 0, 0, 0), 0.25, TEN.base)),
            ),
        ),
    ),
    misconceptions=reassignment_mistakes.REASSIGNMENT_PROBABILITIES,
)
