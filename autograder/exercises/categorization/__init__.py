"""Categorization with known parameters: cases, tolerances, points and hints."""

import numpy as np

from autograder.exercises import Aspect, Assignment, Case, Exercise, Written, f32
from autograder.exercises.categorization import (
    decision_mistakes,
    density_mistakes,
    figure,
    pictures,
    posterior_mistakes,
)
from autograder.student.selfcheck.rules.arrays import EXACT, STEP, Arrays, Part, Tolerance
from autograder.student.selfcheck.rules.drawings import Curves
from reference import categorization

# Densities are compared relative to their size, however small.
DENSITY = Tolerance(STEP.relative, 1e-9)
# A boundary at 425 g moves by .0226 g where the prior is forgotten; a quadratic
# solved in plain float32 is off by 2e-4 g there. Milligrams have boundaries, too.
BOUNDARY = Tolerance(5e-6, 1e-5)

POINTS = f32(-2.1, -1.2, -0.4, 0.3, 0.8, 1.5, 2.7, 3.4)
WIDE = f32(-6.5, -5.25, -1.5, -0.75, 0.0, 2.5, 4.0, 7.25)
TABLE = f32(498.0, 352.0, 425.0, 349.0, 497.0, 503.0, 380.0, 500.0)
HEAVY = f32(1e6, 498.0, 352.0, 425.0, 2e5, 5e4, 2000.0, 350.0)

RECIPE = (f32(0.7, 0.3), f32(500, 350), f32(2, 2))
ORDERED = (f32(0.2, 0.5, 0.3), f32(-2, 0.5, 3), f32(1, 0.8, 1.25))
THREE = (f32(0.3, 0.6, 0.1), f32(4, -4, 0.5), f32(2, 3, 0.75))
FIVE = (f32(0.1, 0.2, 0.3, 0.25, 0.15), f32(-6, -3, 0, 3, 6), f32(1, 2, 1.5, 2.5, 3))
# The clusters problem of the tutorial: variances 1/2 and 2.
CLUSTERS = (f32(-1, 1), f32(np.sqrt(0.5), np.sqrt(2)))
# So narrow that a floor under the standard deviations shows, and one of the components so rare that one under the
# weights does.
CLOSE, CLOSER = POINTS / np.float32(1000), WIDE / np.float32(2000)
NARROW = (f32(4e-4, 0.9996), f32(-0.001, 0.002), f32(8e-4, 0.0015))
NARROWER = (f32(0.9993, 7e-4), f32(0.0015, -0.002), f32(9e-4, 0.00125))
# So wide that a floor under the densities shows.
FLAT = (f32(0.3, 0.7), f32(-1e4, 2e4), f32(1e4, 1.5e4))
FLATTER = (f32(0.6, 0.4), f32(9e4, -1.2e5), f32(6e4, 7.5e4))


COMPONENT_LOG_DENSITY = Exercise(
    name="component_log_density",
    truth=categorization.component_log_density,
    rule=Arrays((Part("log densities", "(N, K)"),)),
    aspects=(
        Aspect(
            name="two components",
            points=1,
            hint="Take the logarithm of the Gaussian density on paper: three terms. Then let NumPy-style broadcasting "
            "pair every observation, as a column, with every component.",
            cases=(
                Case(name="eight points", args=(POINTS, f32(-1, 2), f32(1, 1.5)), visible=True),
                Case(name="narrow components", args=(CLOSE, *NARROW[1:]), visible=True),
                Case(name="a wide and a narrow component", args=(POINTS, f32(0.5, 2), f32(4, 0.75))),
                Case(name="other points", args=(WIDE, f32(3, -4), f32(2, 2.5))),
                Case(name="other narrow components", args=(CLOSER, *NARROWER[1:])),
            ),
        ),
        Aspect(
            name="any number of components",
            points=1,
            hint="K is the length of means and stds: nothing in the code should know that it is 2.",
            cases=(
                Case(name="three components", args=(POINTS, *ORDERED[1:]), visible=True),
                Case(name="one component", args=(WIDE, f32(0.5), f32(4))),
                Case(name="three components, unordered", args=(WIDE, *THREE[1:])),
                Case(name="five components", args=(POINTS, *FIVE[1:])),
            ),
        ),
        Aspect(
            name="far from every mean",
            points=1,
            hint="The density itself is 0 in float32 beyond 13 standard deviations. Its logarithm is an ordinary "
            "number, if no density is computed on the way.",
            cases=(
                # Not whole grams: squares of these lose digits in float32.
                Case(name="bentos, one of them 425 g", args=(TABLE + f32(0.37), *RECIPE[1:]), visible=True),
                Case(name="bentos, unequal spreads", args=(TABLE + f32(0.61), f32(500, 350), f32(3, 1.5))),
                Case(name="up to a million grams", args=(HEAVY, *RECIPE[1:])),
            ),
        ),
    ),
    misconceptions=density_mistakes.COMPONENT_LOG_DENSITY,
    together=density_mistakes.COMPONENT_LOG_DENSITY_TOGETHER,
)

RESPONSIBILITIES = Exercise(
    name="responsibilities",
    truth=categorization.responsibilities,
    rule=Arrays((Part("probabilities", "(N, K)"),)),
    aspects=(
        Aspect(
            name="two components",
            points=2,
            hint="Bayes' rule: prior times likelihood for each component, divided by their sum over the components.",
            cases=(
                Case(name="eight points", args=(POINTS, f32(0.6, 0.4), f32(-1, 2), f32(1, 1.5)), visible=True),
                Case(name="narrow components, one of them rare", args=(CLOSE, *NARROW), visible=True),
                Case(name="unbalanced weights", args=(POINTS, f32(0.9, 0.1), f32(-0.5, 2.5), f32(1.5, 0.75))),
                Case(name="other narrow components, one of them rare", args=(CLOSER, *NARROWER)),
                Case(name="one component within the other", args=(WIDE, f32(0.25, 0.75), f32(0.5, 0), f32(0.75, 5))),
            ),
        ),
        Aspect(
            name="any number of components",
            points=1,
            hint="K is the length of weights, means and stds: nothing in the code should know that it is 2.",
            cases=(
                Case(name="three components", args=(POINTS, *ORDERED), visible=True),
                Case(name="one component", args=(WIDE, f32(1), f32(0.5), f32(4))),
                Case(
                    name="three components, unordered",
                    args=(WIDE, *THREE),
                ),
                Case(name="five components", args=(WIDE, *FIVE)),
            ),
        ),
        Aspect(
            name="far from every mean",
            points=2,
            hint="At 425 g both densities are 0 in float32, and 0/0 is NaN. Subtract the largest log joint density "
            "of each row before you exponentiate: the ratio does not change.",
            cases=(
                Case(name="bentos, one of them 425 g", args=(TABLE, *RECIPE), visible=True),
                Case(name="a bento of 425 g, other odds", args=(TABLE, f32(0.4, 0.6), *RECIPE[1:])),
                Case(name="up to a million grams", args=(HEAVY, f32(0.2, 0.8), f32(500, 350), f32(2, 3))),
            ),
        ),
    ),
    misconceptions=posterior_mistakes.RESPONSIBILITIES,
    together=posterior_mistakes.RESPONSIBILITIES_TOGETHER,
)

MARGINAL_DENSITY = Exercise(
    name="marginal_density",
    truth=categorization.marginal_density,
    rule=Arrays((Part("p(x)", "(N,)", DENSITY),)),
    aspects=(
        Aspect(
            name="two components",
            points=2,
            hint="p(x) = sum over k of weights_k N(x; means_k, stds_k): the sum rule.",
            cases=(
                Case(name="eight points", args=(POINTS, f32(0.6, 0.4), f32(-1, 2), f32(1, 1.5)), visible=True),
                Case(name="narrow components, one of them rare", args=(CLOSE, *NARROW), visible=True),
                Case(name="wide components", args=(POINTS * np.float32(1e4), *FLAT), visible=True),
                Case(name="unbalanced weights", args=(POINTS, f32(0.9, 0.1), f32(-0.5, 2.5), f32(1.5, 0.75))),
                Case(name="other narrow components, one of them rare", args=(CLOSER, *NARROWER)),
                Case(name="other wide components", args=(WIDE * np.float32(3e4), *FLATTER)),
                Case(name="one component within the other", args=(WIDE, f32(0.25, 0.75), f32(0.5, 0), f32(0.75, 5))),
            ),
        ),
        Aspect(
            name="any number of components",
            points=1,
            hint="K is the length of weights, means and stds; the answer has one number for each observation.",
            cases=(
                Case(name="three components", args=(POINTS, *ORDERED), visible=True),
                Case(name="one component", args=(WIDE, f32(1), f32(0.5), f32(4))),
                Case(
                    name="three components, unordered",
                    args=(WIDE, *THREE),
                ),
                Case(name="five components", args=(WIDE, *FIVE)),
            ),
        ),
    ),
    misconceptions=density_mistakes.MARGINAL_DENSITY,
    together=density_mistakes.MARGINAL_DENSITY_TOGETHER,
)

DECISION_BOUNDARIES = Exercise(
    name="decision_boundaries",
    truth=categorization.decision_boundaries,
    rule=Arrays((Part("boundaries", "(B,)", BOUNDARY),)),
    aspects=(
        Aspect(
            name="equal spreads",
            points=2,
            hint="Set the two joint densities equal and take logarithms. With equal spreads the squares of x cancel: "
            "a straight line is left. If its slope is 0 as well, there is no boundary.",
            cases=(
                Case(name="the bentos' recipe", args=RECIPE, visible=True),
                Case(name="a rare component", args=(f32(0.05, 0.95), f32(3, -1), f32(1.5, 1.5))),
                Case(name="the same bell twice, unequal weights", args=(f32(0.8, 0.2), f32(2, 2), f32(1, 1))),
                Case(name="wide bells", args=(f32(0.65, 0.35), f32(490, 510), f32(12, 12))),
            ),
        ),
        Aspect(
            name="different spreads",
            points=3,
            hint="With two spreads the log odds are a quadratic in x. It has two roots, or none where one component "
            "wins everywhere; both roots count, wherever they lie.",
            cases=(
                Case(name="the clusters problem, even weights", args=(f32(0.5, 0.5), *CLUSTERS), visible=True),
                Case(name="the clusters problem, other weights", args=(f32(0.7, 0.3), *CLUSTERS), visible=True),
                Case(name="the clusters problem, weight 1/3", args=(f32(1 / 3, 2 / 3), *CLUSTERS)),
                Case(name="components in the other order", args=(f32(0.3, 0.7), f32(4, -1), f32(2, 0.8))),
                Case(
                    name="one component wins everywhere", args=(f32(0.95, 0.05), f32(0, 1), f32(2, 1.5)), visible=True
                ),
                Case(name="the other component wins everywhere", args=(f32(0.04, 0.96), f32(2, 1.25), f32(0.8, 1))),
                Case(name="one bell inside the other", args=(f32(0.4, 0.6), f32(1.5, 1.5), f32(0.5, 2)), visible=True),
                Case(name="one wide bell around the other", args=(f32(0.35, 0.65), f32(-3, -3), f32(3, 1.25))),
                Case(name="narrow bells", args=(f32(0.4, 0.6), *NARROW[1:]), visible=True),
                Case(name="other narrow bells", args=(f32(0.55, 0.45), *NARROWER[1:])),
                Case(name="spreads almost equal", args=(f32(0.45, 0.55), f32(-1, 2), f32(1, 1.05))),
                Case(name="very wide bells", args=(f32(0.45, 0.55), f32(1500, -1300), f32(1200, 1600))),
                Case(name="bentos, unequal spreads", args=(f32(0.6, 0.4), f32(500, 350), f32(2, 3))),
            ),
        ),
    ),
    misconceptions=decision_mistakes.DECISION_BOUNDARIES,
    together=decision_mistakes.DECISION_BOUNDARIES_TOGETHER,
)

# Odd numbers on purpose: a peak half-way between two points of an evenly spaced grid
# would be a tie, and a strict comparison would miss it.
COUNT_MODES = Exercise(
    name="count_modes",
    truth=categorization.count_modes,
    rule=Arrays((Part("the number of modes", "()", EXACT),)),
    aspects=(
        Aspect(
            name="equal spreads",
            points=2,
            hint="Every peak lies between the two means or on one of them. Follow p(x), or its slope, from a little "
            "below the lower mean to a little above the higher one: how often does it turn from rising to falling? "
            "A thousand points will do; on a much finer grid neighbours are equal in float32.",
            cases=(
                Case(name="the bentos' recipe", args=RECIPE, visible=True),
                Case(name="close together", args=(f32(0.544, 0.456), f32(-0.68, 0.73), f32(1, 1))),
                Case(name="a little further apart", args=(f32(0.513, 0.487), f32(-1.4, 1.25), f32(1, 1))),
                Case(name="apart, but one is rare", args=(f32(0.971, 0.029), f32(0.12, 2.53), f32(1, 1)), visible=True),
                Case(
                    name="apart, but one is rare and the lower one",
                    args=(f32(0.957, 0.043), f32(3.13, 0.11), f32(1.2, 1.2)),
                ),
                Case(name="far apart, one is rare", args=(f32(0.031, 0.969), f32(0.18, 6.17), f32(1, 1))),
                Case(
                    name="almost the same bell twice",
                    args=(f32(0.393, 0.607), f32(5.02, 5.27), f32(1, 1)),
                    visible=True,
                ),
                Case(name="heavy and wide", args=(f32(0.539, 0.461), f32(519.99, 478.88), f32(14, 14))),
                Case(name="in milligrams", args=(f32(0.7, 0.3), f32(500123, 350456), f32(2000, 2000)), visible=True),
                Case(name="narrow hills", args=(f32(0.52, 0.48), f32(-6.1e-4, 6.9e-4), f32(3.4e-4, 3.4e-4))),
            ),
        ),
        Aspect(
            name="different spreads",
            points=2,
            hint="The weights and both spreads matter: a narrow component can stand out on the slope of a wide one, "
            "and a rare one can vanish in it. Look at p(x) itself, with a grid finer than the narrower component.",
            cases=(
                Case(name="the clusters problem, even weights", args=(f32(0.5, 0.5), *CLUSTERS), visible=True),
                Case(
                    name="a narrow hill on top of a wide one",
                    args=(f32(0.099, 0.901), f32(0.12, 1.71), f32(0.52, 1.69)),
                    visible=True,
                ),
                Case(
                    name="a narrow hill beside a wide one",
                    args=(f32(0.53, 0.47), f32(0.36, 3.34), f32(0.78, 2.01)),
                    visible=True,
                ),
                Case(
                    name="two hills that run into each other",
                    args=(f32(0.414, 0.586), f32(0.12, 2.02), f32(1, 0.73)),
                    visible=True,
                ),
                Case(name="a narrow hill on a slope", args=(f32(0.703, 0.297), f32(0.13, 2.41), f32(2.3, 0.5))),
                Case(name="a wide hill that is rare", args=(f32(0.157, 0.843), f32(0.12, 4.92), f32(2.54, 1.36))),
                Case(name="a narrow hill far from a wide one", args=(f32(0.883, 0.117), f32(0.31, 41.7), f32(7, 0.3))),
                Case(name="the clusters further apart", args=(f32(0.274, 0.726), f32(-1.15, 1.77), CLUSTERS[1])),
                Case(name="the clusters problem, weight 3/4", args=(f32(0.75, 0.25), *CLUSTERS)),
                Case(name="a narrow hill on a wide one", args=(f32(0.853, 0.147), f32(0.16, 2.18), f32(2, 0.5))),
                Case(name="a wide hill around a narrow one", args=(f32(0.194, 0.806), f32(0.43, 0.19), f32(0.2, 3))),
                Case(name="bentos, unequal spreads", args=(f32(0.607, 0.393), f32(501.13, 349.22), f32(2, 3))),
                Case(name="a low hill beside a high one", args=(f32(0.97, 0.03), f32(-0.01, 3.59), f32(1, 2))),
                # Hills that a grid of a hundred points steps over, and one of a thousand does not.
                Case(name="a needle", args=(f32(0.975, 0.025), f32(501.3, 421.26), f32(12, 0.0432)), visible=True),
                Case(name="a needle on the right", args=(f32(0.98, 0.02), f32(0.13, 10.857), f32(1.7, 0.007))),
                Case(name="a needle on the left", args=(f32(0.97, 0.03), f32(2.41, -10.769), f32(2.3, 0.0085))),
                Case(name="a needle far out", args=(f32(0.015, 0.985), f32(14.813, -0.37), f32(0.009, 2.1))),
                Case(name="a needle nearer", args=(f32(0.04, 0.96), f32(-1.3529, -3.03), f32(0.001, 0.31))),
                Case(name="a rare needle", args=(f32(0.99, 0.01), f32(1.03, 10.0297), f32(1.31, 0.0059))),
                Case(
                    name="two narrow hills",
                    args=(f32(0.53, 0.47), f32(-6.3e-4, 7.1e-4), f32(3.6e-4, 3.3e-4)),
                    visible=True,
                ),
                Case(name="two wide hills", args=(f32(0.45, 0.55), f32(2.13e7, -3.07e7), f32(3e6, 4e6))),
            ),
        ),
    ),
    misconceptions=decision_mistakes.COUNT_MODES,
)


PLOT_MIXTURE = Exercise(
    name="plot_mixture",
    truth=figure.curves,
    rule=Curves(),
    aspects=(
        Aspect(
            name="the figure",
            points=4,
            hint="Evaluate the functions that you have on a fine grid that reaches three standard deviations beyond "
            "both means: p(x), each weighted component density, and P(c = 0 given x). Label the axes and add a legend.",
            cases=(
                Case(name="the bentos' recipe", args=RECIPE, visible=True),
                Case(name="overlapping components", args=(f32(0.6, 0.4), f32(-1, 2), f32(1, 1.5))),
                Case(name="the clusters problem", args=(f32(0.25, 0.75), *CLUSTERS)),
            ),
        ),
    ),
    misconceptions=figure.PLOT_MIXTURE,
)

ASSIGNMENT = Assignment(
    name="categorization",
    title="Categorization: which component made this?",
    pictures=pictures.numbers,
    exercises=(
        COMPONENT_LOG_DENSITY,
        RESPONSIBILITIES,
        MARGINAL_DENSITY,
        DECISION_BOUNDARIES,
        COUNT_MODES,
        PLOT_MIXTURE,
        Written(name="written_categorization", points=6),
    ),
)
