"""The log density of each observation under each component."""

import numpy as np

from autograder.exercises import Arrays, Aspect, Exercise, Part, catalogue, f32
from autograder.exercises.categorization.data import (
    CLOSE,
    CLOSER,
    FIVE,
    HEAVY,
    NARROW,
    NARROWER,
    ORDERED,
    POINTS,
    RECIPE,
    TABLE,
    THREE,
    WIDE,
)
from autograder.exercises.guards import bounded, guarded, spread_floor
from autograder.exercises.numpy_gaussian import LOG_2PI, logpdf, pdf, two_only
from reference import categorization

COMPONENT_LOG_DENSITY = Exercise(
    "component_log_density",
    truth=categorization.component_log_density,
    rule=Arrays((Part("log densities", "(N, K)"),)),
    aspects=(
        Aspect(
            "two components",
            points=1,
            hint="Take the logarithm of the Gaussian density on paper: three terms. Then let NumPy-style broadcasting "
            "pair every observation, as a column, with every component.",
            closer="Look at x equal to the mean: the square is 0 there, so the value is -log std - 0.919. Then move "
            "x by one standard deviation: the value must fall by 0.5. Which of the two fails?",
            visible={"eight points": (POINTS, f32(-1, 2), f32(1, 1.5)), "narrow components": (CLOSE, *NARROW[1:])},
            hidden={
                "a wide and a narrow component": (POINTS, f32(0.5, 2), f32(4, 0.75)),
                "other points": (WIDE, f32(3, -4), f32(2, 2.5)),
                "other narrow components": (CLOSER, *NARROWER[1:]),
            },
        ),
        Aspect(
            "any number of components",
            points=1,
            hint="K is the length of means and stds: nothing in the code should know that it is 2.",
            visible={"three components": (POINTS, *ORDERED[1:])},
            hidden={
                "one component": (WIDE, f32(0.5), f32(4)),
                "three components, unordered": (WIDE, *THREE[1:]),
                "five components": (POINTS, *FIVE[1:]),
            },
        ),
        Aspect(
            "far from every mean",
            points=1,
            hint="The density itself is 0 in float32 beyond 13 standard deviations. Its logarithm is an ordinary "
            "number, if no density is computed on the way.",
            closer="Which functions stand between x and the result? If one of them is `exp`, or a density such as "
            "`norm.pdf`: `jax.scipy.stats.norm` has a function that gives the logarithm.",
            # Fractions of grams, because their squares lose digits in float32.
            visible={"bentos, one of them 425 g": (TABLE + f32(0.37), *RECIPE[1:])},
            hidden={
                "bentos, unequal spreads": (TABLE + f32(0.61), f32(500, 350), f32(3, 1.5)),
                "up to a million grams": (HEAVY, *RECIPE[1:]),
            },
        ),
    ),
)


@COMPONENT_LOG_DENSITY.mistake(
    catalogue.STD_AS_VARIANCE,
    hint="The formula divides by the square of the standard deviation. Where do you square it?",
)
def std_as_variance(x, means, stds):
    return logpdf(x, means, np.sqrt(stds))


@COMPONENT_LOG_DENSITY.mistake(
    catalogue.STD_SQUARED_TWICE,
    hint="stds are standard deviations already, not variances: in which unit is the distance that you square?",
)
def std_squared_twice(x, means, stds):
    return logpdf(x, means, stds**2)


@COMPONENT_LOG_DENSITY.mistake(
    catalogue.CONSTANT_FORGOTTEN, hint="A density integrates to 1: which term with pi makes it so?"
)
def constant_forgotten(x, means, stds):
    return logpdf(x, means, stds) + 0.5 * LOG_2PI


@COMPONENT_LOG_DENSITY.mistake(catalogue.SPREAD_FORGOTTEN_IN_CONSTANT, hint="A wider bell is a lower one.")
def spread_forgotten_in_constant(x, means, stds):
    return logpdf(x, means, stds) + np.log(stds)


@COMPONENT_LOG_DENSITY.mistake(
    catalogue.HALF_FORGOTTEN, hint="Look at the exponent of the Gaussian again: what stands before the square?"
)
def half_forgotten(x, means, stds):
    return logpdf(x, means, stds) - 0.5 * ((x[:, None] - means) / stds) ** 2


@COMPONENT_LOG_DENSITY.mistake(
    says="The whole of log 2 pi was subtracted, not half of it.",
    hint="In the density, 2 pi stands under a root: what does a logarithm make of a root?",
)
def two_pi_not_halved(x, means, stds):
    return logpdf(x, means, stds) - 0.5 * LOG_2PI


@COMPONENT_LOG_DENSITY.mistake(
    says="Half of the logarithm of the standard deviation was subtracted, not all of it.",
    hint="The half belongs to the logarithm of the variance. What is it for the standard deviation?",
)
def log_std_halved(x, means, stds):
    return logpdf(x, means, stds) + 0.5 * np.log(stds)


@COMPONENT_LOG_DENSITY.mistake(catalogue.DECIMAL_LOGARITHM, hint="log in this course is the natural one.")
def decimal_logarithm(x, means, stds):
    return logpdf(x, means, stds) / np.log(np.float32(10))


@COMPONENT_LOG_DENSITY.mistake(
    says="The density came back, not its logarithm.",
    hint="Far from the mean the density is 0 in float32; its logarithm is an ordinary number.",
)
def density_for_log_density(x, means, stds):
    return pdf(x, means, stds)


@COMPONENT_LOG_DENSITY.mistake(
    says="The logarithm was taken of the density.",
    hint="Far from the mean the density is already 0 in float32. Take the logarithm of the formula, on paper.",
)
def log_of_underflowed_density(x, means, stds):
    return np.log(pdf(x, means, stds))


LOGS_GUARDED = (
    *guarded(lambda e, x, m, s: np.log(pdf(x, m, s) + e), lambda e, x, m, s: np.log(np.maximum(pdf(x, m, s), e))),
    *bounded(
        lambda b, x, m, s: np.maximum(logpdf(x, m, s), -b),
        lambda b, x, m, s: (
            logpdf(np.zeros(1), -np.clip((x[:, None] - m) / s, -b, b).ravel(), np.ones(1)).reshape(len(x), -1)
            - np.log(s)
        ),
    ),
)

COMPONENT_LOG_DENSITY.add(
    catalogue.SMALL_CONSTANT_ADDED.here(
        hint="It makes all that is improbable equally improbable. Which formula for the logarithm has no 0 in it?",
        variant=LOGS_GUARDED[0],
        forms=LOGS_GUARDED[1:],
    ),
    spread_floor(lambda raised: lambda x, m, s: logpdf(x, m, raised(s))),
)


@COMPONENT_LOG_DENSITY.mistake(
    catalogue.DIGITS_LOST,
    hint="Three numbers near 250 000 that add up to 4: float32 keeps seven digits. Subtract before you square.",
    rounding=True,
)
def digits_lost(x, means, stds):
    square = x[:, None] ** 2 - 2 * x[:, None] * means + means**2
    return -square / (2 * stds**2) - np.log(stds) - 0.5 * LOG_2PI


@COMPONENT_LOG_DENSITY.mistake(
    catalogue.TWO_COMPONENTS_ONLY,
    hint="K is the length of means. Does a line of your code work for two components only?",
    forms=(lambda x, m, s: logpdf(x, m[:2], s[:2]),),
)
def two_components_only(x, m, s):
    return two_only(lambda x, _, m, s: logpdf(x, m, s))(x, m, m, s)


@COMPONENT_LOG_DENSITY.mistake(
    says="The observations were copied into a table in another order than its rows.",
    hint="Print the table that holds x for each component: is each row one observation?",
    forms=(lambda x, m, s: logpdf(x, m, s).T.reshape(-1, len(m)),),
)
def observations_mixed_up(x, means, stds):
    deviations = (np.tile(x, len(means)).reshape(len(x), -1) - means) / stds
    return -0.5 * deviations**2 - np.log(stds) - 0.5 * LOG_2PI


@COMPONENT_LOG_DENSITY.mistake(
    catalogue.TRANSPOSED, hint="One row for each observation, one column for each component."
)
def transposed(x, means, stds):
    return logpdf(x, means, stds).T


COMPONENT_LOG_DENSITY.combine(
    "std_as_variance",
    "constant_forgotten",
    "spread_forgotten_in_constant",
    "half_forgotten",
    "two_pi_not_halved",
    "density_for_log_density",
    "transposed",
    "two_components_only",
    change=lambda variant: lambda x, m, s: variant(x, m, np.sqrt(s)),
)
