"""The density of the mixture."""

import numpy as np

from autograder.exercises import STEP, Arrays, Aspect, Exercise, KnownMistake, Part, Tolerance, catalogue, f32
from autograder.exercises.categorization.data import CLOSE, CLOSER, FIVE, NARROW, NARROWER, ORDERED, POINTS, THREE, WIDE
from autograder.exercises.guards import spread_floor, weight_floor
from autograder.exercises.numpy_gaussian import (
    LOG_2PI,
    joint,
    log_joint,
    log_sum,
    logpdf,
    pdf,
    shadowing_pi,
    taking_std_for_variance,
    two_only,
)
from reference import categorization

# Densities are compared relative to their size, however small.
DENSITY = Tolerance(STEP.relative, 1e-9)

# The component is so wide that a floor under the densities shows.
FLAT = (f32(0.3, 0.7), f32(-1e4, 2e4), f32(1e4, 1.5e4))
FLATTER = (f32(0.6, 0.4), f32(9e4, -1.2e5), f32(6e4, 7.5e4))

MARGINAL_DENSITY = Exercise(
    "marginal_density",
    truth=categorization.marginal_density,
    rule=Arrays((Part("p(x)", "(N,)", DENSITY),)),
    aspects=(
        Aspect(
            "two components",
            points=2,
            hint="p(x) = sum over k of weights_k N(x; means_k, stds_k): the sum rule.",
            closer="Take one observation: write down K numbers, each weight times the density under its component, "
            "and add them up. Which axis of your (N, K) array runs over the components?",
            visible={
                "eight points": (POINTS, f32(0.6, 0.4), f32(-1, 2), f32(1, 1.5)),
                "narrow components, one of them rare": (CLOSE, *NARROW),
                "wide components": (POINTS * np.float32(1e4), *FLAT),
            },
            hidden={
                "unbalanced weights": (POINTS, f32(0.9, 0.1), f32(-0.5, 2.5), f32(1.5, 0.75)),
                "other narrow components, one of them rare": (CLOSER, *NARROWER),
                "other wide components": (WIDE * np.float32(3e4), *FLATTER),
                "one component within the other": (WIDE, f32(0.25, 0.75), f32(0.5, 0), f32(0.75, 5)),
            },
        ),
        Aspect(
            "any number of components",
            points=1,
            hint="K is the length of weights, means and stds; the answer has one number for each observation.",
            visible={"three components": (POINTS, *ORDERED)},
            hidden={
                "one component": (WIDE, f32(1), f32(0.5), f32(4)),
                "three components, unordered": (WIDE, *THREE),
                "five components": (WIDE, *FIVE),
            },
        ),
    ),
)


@MARGINAL_DENSITY.mistake(
    says="The logarithm of the density came back.", hint="p(x) is asked for; go back from the logarithm at the end."
)
def log_for_density(x, weights, means, stds):
    return log_sum(log_joint(x, weights, means, stds))


@MARGINAL_DENSITY.mistake(
    catalogue.WEIGHTS_IGNORED, hint="The mixture is an average of its components: weighted by what?"
)
def weights_ignored(x, weights, means, stds):
    return pdf(x, means, stds).sum(axis=1)


@MARGINAL_DENSITY.mistake(
    says="The component densities were averaged with equal weights.", hint="A common component counts for more."
)
def plain_average(x, weights, means, stds):
    return pdf(x, means, stds).mean(axis=1)


def _marginal(x, weights, means, stds):
    return joint(x, weights, means, stds).sum(axis=1)


MARGINAL_DENSITY.add(
    catalogue.STD_AS_VARIANCE.here(
        hint="The formula divides by the square of the standard deviation. Where do you square it?",
        variant=taking_std_for_variance(_marginal),
    ),
)


@MARGINAL_DENSITY.mistake(catalogue.STD_SQUARED_TWICE, hint="stds are standard deviations already, not variances.")
def std_squared_twice(x, weights, means, stds):
    return joint(x, weights, means, stds**2).sum(axis=1)


@MARGINAL_DENSITY.mistake(
    says="The densities were weighted by stds, not by weights.",
    hint="How often does each component come? Which argument says that?",
)
def stds_for_weights(x, weights, means, stds):
    return (stds * pdf(x, means, stds)).sum(axis=1)


MARGINAL_DENSITY.add(
    spread_floor(lambda raised: lambda x, w, m, s: _marginal(x, w, m, raised(s))),
    weight_floor(lambda raised: lambda x, w, m, s: _marginal(x, raised(w), m, s)),
)


@MARGINAL_DENSITY.mistake(catalogue.SPREAD_FORGOTTEN_IN_CONSTANT, hint="A wider bell is a lower one.")
def spread_forgotten_in_constant(x, weights, means, stds):
    return (stds * joint(x, weights, means, stds)).sum(axis=1)


@MARGINAL_DENSITY.mistake(
    catalogue.CONSTANT_FORGOTTEN,
    hint="A density integrates to 1: which factor with pi makes it so?",
    forms=(lambda x, w, m, s: (s * joint(x, w, m, s)).sum(axis=1) * np.exp(0.5 * LOG_2PI),),
)
def constant_forgotten(x, weights, means, stds):
    return _marginal(x, weights, means, stds) * np.exp(0.5 * LOG_2PI)


@MARGINAL_DENSITY.mistake(
    catalogue.HALF_FORGOTTEN, hint="Look at the exponent of the Gaussian again: what stands before the square?"
)
def half_forgotten(x, weights, means, stds):
    return _marginal(x, weights, means, stds / np.sqrt(np.float32(2))) / np.sqrt(np.float32(2))


@MARGINAL_DENSITY.mistake(
    catalogue.PI_SHADOWED, hint="Which of your names is pi, and what does it hold where you take the root of 2 pi?"
)
def pi_shadowed(x, weights, means, stds):
    return shadowing_pi(joint)(x, weights, means, stds).sum(axis=1)


@MARGINAL_DENSITY.mistake(
    says="This is the density of a weighted sum of the components.",
    hint="A bento is not 70 % tonkatsu and 30 % hamburger: it is one or the other. What do you add up, then?",
)
def sum_of_random_variables(x, weights, means, stds):
    return pdf(x, np.sum(weights * means), np.sqrt(np.sum(weights**2 * stds**2)))[:, 0]


@MARGINAL_DENSITY.mistake(
    says="This is the one Gaussian that has the mean and the spread of the mixture.",
    hint="One Gaussian has one peak, wherever the mixture has its own. Add up densities, not moments.",
)
def moments_matched(x, weights, means, stds):
    mean = np.sum(weights * means)
    return pdf(x, mean, np.sqrt(np.sum(weights * (stds**2 + (means - mean) ** 2))))[:, 0]


@MARGINAL_DENSITY.mistake(
    says="The logarithms of the densities were averaged.",
    hint="A mean of logarithms is the logarithm of a product. What does the sum rule add up?",
)
def logarithms_averaged(x, weights, means, stds):
    return np.exp((weights * logpdf(x, means, stds)).sum(axis=1))


@MARGINAL_DENSITY.mistake(
    says="The densities were divided by their sum over the observations.",
    hint="A density integrates to 1 over all x. Do the values at a few points have to add up to 1?",
)
def divided_by_the_sum(x, weights, means, stds):
    return _marginal(x, weights, means, stds) / _marginal(x, weights, means, stds).sum()


@MARGINAL_DENSITY.mistake(
    says="The sum is over the observations, not over the components.",
    hint="One number for each observation: along which axis are its components?",
)
def summed_over_observations(x, weights, means, stds):
    return joint(x, weights, means, stds).sum(axis=0)


MARGINAL_DENSITY.add(
    catalogue.TWO_COMPONENTS_ONLY.here(
        hint="K is the length of weights. Does a line of your code work for two components only?",
        variant=two_only(_marginal),
    ),
)


@MARGINAL_DENSITY.mistake(
    says="The parameters were averaged, and one Gaussian was evaluated there.",
    hint="A mixture adds up densities, not parameters: two peaks do not make one in the middle.",
    forms=(lambda x, w, m, s: pdf(x, np.sum(w * m), np.sqrt(np.sum(w * s**2)))[:, 0],),
)
def one_bell(x, weights, means, stds):
    return pdf(x, np.sum(weights * means), np.sum(weights * stds))[:, 0]


@MARGINAL_DENSITY.mistake(
    says="The component densities were multiplied.",
    hint="An observation comes from one component or another: `or` adds.",
)
def product_of_components(x, weights, means, stds):
    return np.prod(joint(x, weights, means, stds), axis=1)


@MARGINAL_DENSITY.mistake(catalogue.BEST_COMPONENT_ONLY, hint="p(x) adds up all components.")
def best_component_only(x, weights, means, stds):
    return np.max(joint(x, weights, means, stds), axis=1)


MARGINAL_DENSITY.add(
    KnownMistake(
        name="not_summed",
        says="The components were not added up.",
        hint="One number for each observation: what does p(x) do with the components?",
        variant=joint,
    ),
)

MARGINAL_DENSITY.combine(
    "std_as_variance",
    "log_for_density",
    "weights_ignored",
    "plain_average",
    "best_component_only",
    "not_summed",
    "constant_forgotten",
    "half_forgotten",
    "spread_forgotten_in_constant",
    "two_components_only",
    change=taking_std_for_variance,
)

MARGINAL_DENSITY.combine(
    "weights_ignored",
    "log_for_density",
    "best_component_only",
    "not_summed",
    "constant_forgotten",
    "half_forgotten",
    "two_components_only",
    change=lambda variant: lambda x, w, m, s: variant(x, np.ones(len(w), np.float32), m, s),
)
