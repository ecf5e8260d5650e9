"""The posterior probability of each component."""

import numpy as np
from scipy.special import log_softmax, softmax

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
from autograder.exercises.guards import bounded, guarded, spread_floor, weight_floor
from autograder.exercises.numpy_gaussian import (
    joint,
    log_joint,
    logpdf,
    one_hot,
    pdf,
    taking_std_for_variance,
    two_only,
)
from reference import categorization

RESPONSIBILITIES = Exercise(
    "responsibilities",
    truth=categorization.responsibilities,
    rule=Arrays((Part("probabilities", "(N, K)"),)),
    aspects=(
        Aspect(
            "two components",
            points=2,
            hint="Bayes' rule: prior times likelihood for each component, divided by their sum over the components.",
            closer="Work out one row by hand: K numbers, each weight times density, then each of them divided by "
            "their sum. Print the sums of your rows: is every one of them 1?",
            visible={
                "eight points": (POINTS, f32(0.6, 0.4), f32(-1, 2), f32(1, 1.5)),
                "narrow components, one of them rare": (CLOSE, *NARROW),
            },
            hidden={
                "unbalanced weights": (POINTS, f32(0.9, 0.1), f32(-0.5, 2.5), f32(1.5, 0.75)),
                "other narrow components, one of them rare": (CLOSER, *NARROWER),
                "one component within the other": (WIDE, f32(0.25, 0.75), f32(0.5, 0), f32(0.75, 5)),
            },
        ),
        Aspect(
            "any number of components",
            points=1,
            hint="K is the length of weights, means and stds: nothing in the code should know that it is 2.",
            visible={"three components": (POINTS, *ORDERED)},
            hidden={
                "one component": (WIDE, f32(1), f32(0.5), f32(4)),
                "three components, unordered": (WIDE, *THREE),
                "five components": (WIDE, *FIVE),
            },
        ),
        Aspect(
            "far from every mean",
            points=2,
            hint="At 425 g both densities are 0 in float32, and 0/0 is NaN. Subtract the largest log joint density "
            "of each row before you exponentiate: the ratio does not change.",
            closer="Once the largest of each row is subtracted, the largest entry is 0 and its exponential is 1, so "
            "no sum of a row can vanish. Over which axis of your array does a row run?",
            visible={"bentos, one of them 425 g": (TABLE, *RECIPE)},
            hidden={
                "a bento of 425 g, other odds": (TABLE, f32(0.4, 0.6), *RECIPE[1:]),
                "up to a million grams": (HEAVY, f32(0.2, 0.8), f32(500, 350), f32(2, 3)),
            },
        ),
    ),
)


@RESPONSIBILITIES.mistake(
    catalogue.EXPONENTIATED_FIRST,
    hint="Far from every mean they are all 0 in float32, and 0/0 is NaN. What stays finite there?",
)
def exponentiated_first(x, weights, means, stds):
    densities = joint(x, weights, means, stds)
    return densities / densities.sum(axis=1, keepdims=True)


def _constant_added(constant, x, weights, means, stds):
    densities = joint(x, weights, means, stds) + constant
    return densities / densities.sum(axis=1, keepdims=True)


def _constant_below(constant, x, weights, means, stds):
    densities = joint(x, weights, means, stds)
    return densities / (densities.sum(axis=1, keepdims=True) + constant)


def _floored(constant, x, weights, means, stds):
    densities = joint(x, weights, means, stds)
    return densities / np.maximum(densities.sum(axis=1, keepdims=True), constant)


def _density_floored(constant, x, weights, means, stds):
    densities = weights * np.maximum(pdf(x, means, stds), constant)
    return densities / densities.sum(axis=1, keepdims=True)


def _density_raised(constant, x, weights, means, stds):
    densities = weights * (pdf(x, means, stds) + constant)
    return densities / densities.sum(axis=1, keepdims=True)


CONSTANTS_ADDED = (
    *guarded(_constant_added, _constant_below, _floored, _density_floored, _density_raised),
    *bounded(
        lambda b, x, w, m, s: softmax(np.log(w) + np.maximum(logpdf(x, m, s), -b), axis=1),
        lambda b, x, w, m, s: softmax(np.maximum(log_joint(x, w, m, s), -b), axis=1),
    ),
)


def _responsibilities(x, weights, means, stds):
    return softmax(log_joint(x, weights, means, stds), axis=1)


RESPONSIBILITIES.add(
    catalogue.SMALL_CONSTANT_ADDED.here(
        hint="Far from every mean all components are beyond it, and then they look alike. What is left of the row, if "
        "you subtract its largest logarithm?",
        variant=CONSTANTS_ADDED[0],
        forms=CONSTANTS_ADDED[1:],
    ),
    spread_floor(lambda raised: lambda x, w, m, s: _responsibilities(x, w, m, raised(s))),
    weight_floor(lambda raised: lambda x, w, m, s: _responsibilities(x, raised(w), m, s)),
)


@RESPONSIBILITIES.mistake(catalogue.WEIGHTS_IGNORED, hint="Bayes' rule has a prior in it.")
def weights_ignored(x, weights, means, stds):
    return softmax(logpdf(x, means, stds), axis=1)


@RESPONSIBILITIES.mistake(catalogue.WEIGHTS_NOT_LOGGED, hint="A product of densities is a sum of logs: of which logs?")
def weights_not_logged(x, weights, means, stds):
    return softmax(weights + logpdf(x, means, stds), axis=1)


@RESPONSIBILITIES.mistake(
    catalogue.LIKELIHOOD_FOR_POSTERIOR,
    hint="That is the other way round. How probable is the component, given the observation?",
)
def likelihood_for_posterior(x, weights, means, stds):
    return pdf(x, means, stds)


@RESPONSIBILITIES.mistake(
    catalogue.PRIOR_FOR_POSTERIOR, hint="That is what you know before you see x. What does the observation say?"
)
def prior_for_posterior(x, weights, means, stds):
    return np.broadcast_to(weights, (len(x), len(weights)))


@RESPONSIBILITIES.mistake(
    catalogue.LARGEST_SUBTRACTED_ONLY, hint="The largest entry of each row is now 1. What should the row add up to?"
)
def largest_subtracted_only(x, weights, means, stds):
    logs = log_joint(x, weights, means, stds)
    return np.exp(logs - logs.max(axis=1, keepdims=True))


RESPONSIBILITIES.add(
    catalogue.TWO_COMPONENTS_ONLY.here(
        hint="K is the length of weights. Does a line of your code work for two components only?",
        variant=two_only(_responsibilities),
    ),
    catalogue.JOINT_FOR_POSTERIOR.here(
        hint="Probabilities of the components of one observation sum to 1: what is missing?", variant=joint
    ),
)


@RESPONSIBILITIES.mistake(catalogue.LOGS_FOR_PROBABILITIES, hint="The answer is a probability, between 0 and 1.")
def logs_for_probabilities(x, weights, means, stds):
    return log_softmax(log_joint(x, weights, means, stds), axis=1)


@RESPONSIBILITIES.mistake(
    catalogue.NORMALISED_OVER_OBSERVATIONS,
    hint="Each observation has one component: along which axis must the probabilities sum to 1?",
)
def normalised_over_observations(x, weights, means, stds):
    return softmax(log_joint(x, weights, means, stds), axis=0)


@RESPONSIBILITIES.mistake(
    catalogue.NORMALISED_OVER_EVERYTHING,
    hint="Each observation has one component: along which axis must the probabilities sum to 1?",
)
def normalised_over_everything(x, weights, means, stds):
    return softmax(log_joint(x, weights, means, stds))


@RESPONSIBILITIES.mistake(catalogue.HARD_ASSIGNMENT, hint="The doubt is the answer: what are the probabilities?")
def hard_assignment(x, weights, means, stds):
    return one_hot(np.argmax(log_joint(x, weights, means, stds), axis=1), len(weights))


RESPONSIBILITIES.add(
    catalogue.STD_AS_VARIANCE.here(
        hint="The formula squares the standard deviation.", variant=taking_std_for_variance(_responsibilities)
    ),
)


@RESPONSIBILITIES.mistake(catalogue.STD_SQUARED_TWICE, hint="stds are standard deviations already, not variances.")
def std_squared_twice(x, weights, means, stds):
    return softmax(log_joint(x, weights, means, stds**2), axis=1)


@RESPONSIBILITIES.mistake(
    catalogue.SPREAD_FORGOTTEN_IN_CONSTANT, hint="It cancels only where all components are equally wide."
)
def spread_forgotten_in_constant(x, weights, means, stds):
    return softmax(log_joint(x, weights, means, stds) + np.log(stds), axis=1)


RESPONSIBILITIES.combine(
    "std_as_variance",
    "weights_ignored",
    "weights_not_logged",
    "likelihood_for_posterior",
    "joint_for_posterior",
    "normalised_over_observations",
    "spread_forgotten_in_constant",
    "two_components_only",
    change=taking_std_for_variance,
)

RESPONSIBILITIES.combine(
    "weights_ignored",
    "logs_for_probabilities",
    "spread_forgotten_in_constant",
    "two_components_only",
    change=lambda variant: lambda x, w, m, s: variant(x, np.full(len(w), 1 / len(w), np.float32), m, s),
)
