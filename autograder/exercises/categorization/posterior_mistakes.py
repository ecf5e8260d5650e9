"""Known mistakes with the probabilities of components: wrong variants of the reference, and what to say of them."""

import numpy as np
from scipy.special import log_softmax, softmax

from autograder.exercises import Misconception
from autograder.exercises.guards import bounded, guarded, named, on_top, one_of, spread_floor
from autograder.exercises.numpy_gaussian import joint, log_joint, logpdf, one_hot, pdf, std_as_variance, two_only


def _exponentiated_first(x, weights, means, stds):
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


def _max_subtracted_only(x, weights, means, stds):
    logs = log_joint(x, weights, means, stds)
    return np.exp(logs - logs.max(axis=1, keepdims=True))


def _responsibilities(x, weights, means, stds):
    return softmax(log_joint(x, weights, means, stds), axis=1)


RESPONSIBILITIES = (
    Misconception(
        name="exponentiated_first",
        says="The densities were exponentiated before they were normalised.",
        hint="Far from every mean they are all 0 in float32, and 0/0 is NaN. What stays finite there?",
        variant=_exponentiated_first,
    ),
    Misconception(
        name="small_constant_added",
        says="A constant keeps the densities, or their logarithms, away from the end of the scale.",
        hint="Far from every mean all components are beyond it, and then they look alike. What is left of the row, if "
        "you subtract its largest logarithm?",
        variant=CONSTANTS_ADDED[0],
        forms=CONSTANTS_ADDED[1:],
    ),
    spread_floor(lambda raised: lambda x, w, m, s: _responsibilities(x, w, m, raised(s))),
    Misconception(
        name="prior_ignored",
        says="The mixing proportions play no part.",
        hint="Bayes' rule has a prior in it.",
        variant=lambda x, w, m, s: softmax(logpdf(x, m, s), axis=1),
    ),
    Misconception(
        name="prior_not_logged",
        says="The weights were added to log densities as they are.",
        hint="A product of densities is a sum of logs: of which logs?",
        variant=lambda x, w, m, s: softmax(w + logpdf(x, m, s), axis=1),
    ),
    Misconception(
        name="likelihood_for_posterior",
        says="The likelihood came back: how probable the observation is, given the component.",
        hint="That is the other way round. How probable is the component, given the observation?",
        variant=lambda x, w, m, s: pdf(x, m, s),
    ),
    Misconception(
        name="prior_for_posterior",
        says="Every observation got the mixing proportions.",
        hint="That is what you know before you see x. What does the observation say?",
        variant=lambda x, w, m, s: np.broadcast_to(w, (len(x), len(w))),
    ),
    Misconception(
        name="largest_subtracted_only",
        says="The largest logarithm of each row was subtracted, but the rows were not divided by their sums.",
        hint="The largest entry of each row is now 1. What should the row add up to?",
        variant=_max_subtracted_only,
    ),
    Misconception(
        name="two_components_only",
        says="Only the first two components are there.",
        hint="K is the length of weights. Which line of your code knows that it is 2?",
        variant=two_only(_responsibilities),
    ),
    Misconception(
        name="joint_for_posterior",
        says="The joint density came back.",
        hint="Probabilities of the components of one observation sum to 1: what is missing?",
        variant=joint,
    ),
    Misconception(
        name="logs_for_probabilities",
        says="Logarithms of the probabilities came back.",
        hint="The answer is a probability, between 0 and 1.",
        variant=lambda x, w, m, s: log_softmax(log_joint(x, w, m, s), axis=1),
    ),
    Misconception(
        name="normalised_over_observations",
        says="The probabilities sum to 1 over the observations.",
        hint="Each observation has one component: along which axis must the probabilities sum to 1?",
        variant=lambda x, w, m, s: softmax(log_joint(x, w, m, s), axis=0),
    ),
    Misconception(
        name="normalised_over_everything",
        says="The probabilities of all observations together sum to 1.",
        hint="Each observation has one component: along which axis must the probabilities sum to 1?",
        variant=lambda x, w, m, s: softmax(log_joint(x, w, m, s)),
    ),
    Misconception(
        name="hard_assignment",
        says="Every observation went wholly to its most probable component.",
        hint="The doubt is the answer: what are the probabilities?",
        variant=lambda x, w, m, s: one_hot(np.argmax(log_joint(x, w, m, s), axis=1), len(w)),
    ),
    Misconception(
        name="std_as_variance",
        says="The standard deviation was used as if it were the variance.",
        hint="The formula squares the standard deviation.",
        variant=std_as_variance(_responsibilities),
    ),
    Misconception(
        name="std_squared_twice",
        says="The standard deviation was squared once too often.",
        hint="stds are standard deviations already, not variances.",
        variant=lambda x, w, m, s: softmax(log_joint(x, w, m, s**2), axis=1),
    ),
    Misconception(
        name="spread_forgotten_in_constant",
        says="The factor 1/std in front of each Gaussian is missing.",
        hint="It cancels only where all components are equally wide.",
        variant=lambda x, w, m, s: softmax(log_joint(x, w, m, s) + np.log(s), axis=1),
    ),
)

RESPONSIBILITIES_TOGETHER = on_top(
    one_of(RESPONSIBILITIES, "std_as_variance"),
    named(
        RESPONSIBILITIES,
        "prior_ignored",
        "prior_not_logged",
        "likelihood_for_posterior",
        "joint_for_posterior",
        "normalised_over_observations",
        "spread_forgotten_in_constant",
        "two_components_only",
    ),
    std_as_variance,
) + on_top(
    one_of(RESPONSIBILITIES, "prior_ignored"),
    named(
        RESPONSIBILITIES,
        "logs_for_probabilities",
        "spread_forgotten_in_constant",
        "two_components_only",
    ),
    lambda variant: lambda x, w, m, s: variant(x, np.full(len(w), 1 / len(w), np.float32), m, s),
)
