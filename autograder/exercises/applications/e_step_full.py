"""The E-step with full covariance matrices."""

import numpy as np
from scipy.special import softmax

from autograder.exercises import Arrays, Aspect, Exercise, Part, catalogue, f32
from autograder.exercises.applications.data import (
    CLOSE,
    CLOSER,
    CLOUD,
    COVS,
    FOUR,
    FOUR_COVS,
    FOUR_MEANS,
    KIND_COVS,
    KINDS,
    MEANS,
    MENU,
    NARROW,
    NARROWER,
    OTHER_COVS,
    OTHER_MEANS,
    SCATTER,
    SOLID,
    SOLID_COVS,
    SOLID_MEANS,
)
from autograder.exercises.applications.ridge import ridge_added
from autograder.exercises.numpy_gaussian import log_sum, one_hot
from autograder.exercises.numpy_multivariate import diagonal, half_log_det, log_density, log_joint
from reference import applications

E_STEP_FULL = Exercise(
    "e_step_full",
    truth=applications.e_step_full,
    rule=Arrays((Part("resp", "(N, K)"), Part("log_likelihood", "()"))),
    aspects=(
        Aspect(
            "two dimensions",
            points=2,
            hint="First the joint log density of every observation with every component, (N, K). Normalise each "
            "row for resp; add up each row (as densities) for p(x_i), whose logs sum to the log likelihood.",
            closer="Only the log density is new; the rest is the E-step of the notebook `em`. Compare the shapes: "
            "(N, K) before the rows are normalised, (N,) for log p(x_i), () for the log likelihood.",
            visible={
                "eight points, three components": (CLOUD, f32(0.2, 0.5, 0.3), MEANS, COVS),
                "narrow components, one of them rare": (CLOSE, f32(4e-4, 0.5, 0.4996), *NARROW),
            },
            hidden={
                "other narrow components, one of them rare": (CLOSER, f32(0.3, 0.6995, 5e-4), *NARROWER),
                "unbalanced weights": (SCATTER, f32(0.05, 0.15, 0.8), MEANS, COVS),
                "other components": (CLOUD, f32(0.3, 0.6, 0.1), OTHER_MEANS, OTHER_COVS),
            },
        ),
        Aspect(
            "any number of dimensions and components",
            points=1,
            hint="D is the number of columns of x and K the length of weights: nothing in the code should know either.",
            visible={"three dimensions": (SOLID, f32(0.6, 0.4), SOLID_MEANS, SOLID_COVS)},
            hidden={
                "one component": (CLOUD[:, :1], f32(1), f32([0.5]), f32([[2.25]])),
                "four dimensions": (FOUR, f32(0.25, 0.75), FOUR_MEANS, FOUR_COVS),
            },
        ),
        Aspect(
            "far from every mean",
            points=1,
            hint="exp(-115) is 0 in float32, and 0/0 is NaN. Stay with logarithms until the row is normalised: "
            "only differences of log densities matter there.",
            visible={"bentos, one of them of no kind": (MENU, f32(0.6, 0.3, 0.1), KINDS, KIND_COVS)},
            hidden={
                "bentos by another recipe": (MENU, f32(0.25, 0.7, 0.05), KINDS, KIND_COVS),
                "heavier and dearer by far": (1000 * MENU, f32(0.6, 0.3, 0.1), KINDS, KIND_COVS),
            },
        ),
    ),
)


@E_STEP_FULL.mistake(
    catalogue.EXPONENTIATED_FIRST, hint="Far from every mean they are all 0 in float32. What stays finite there?"
)
def exponentiated_first(x, weights, means, covs):
    densities = np.exp(log_joint(x, weights, means, covs))
    density = densities.sum(axis=1)
    return densities / density[:, None], np.log(density).sum()


def _e_step(logs):
    return softmax(logs, axis=1), log_sum(logs).sum()


@E_STEP_FULL.mistake(catalogue.WEIGHTS_IGNORED, hint="Bayes' rule has a prior in it.")
def weights_ignored(x, weights, means, covs):
    return _e_step(log_density(x, means, covs))


@E_STEP_FULL.mistake(catalogue.WEIGHTS_NOT_LOGGED, hint="A product of densities is a sum of logs: of which logs?")
def weights_not_logged(x, weights, means, covs):
    return _e_step(np.asarray(weights) + log_density(x, means, covs))


@E_STEP_FULL.mistake(
    catalogue.NORMALISED_OVER_OBSERVATIONS,
    hint="Each observation has one component: along which axis must the probabilities sum to 1?",
)
def normalised_over_observations(x, weights, means, covs):
    logs = log_joint(x, weights, means, covs)
    return softmax(logs, axis=0), log_sum(logs).sum()


@E_STEP_FULL.mistake(
    catalogue.NORMALISED_OVER_EVERYTHING,
    hint="Each observation has one component: along which axis must the probabilities sum to 1?",
)
def normalised_over_everything(x, weights, means, covs):
    logs = log_joint(x, weights, means, covs)
    return softmax(logs), log_sum(logs).sum()


@E_STEP_FULL.mistake(catalogue.HARD_ASSIGNMENT, hint="That is k-means. EM keeps the doubt: what are the probabilities?")
def hard_assignment(x, weights, means, covs):
    logs = log_joint(x, weights, means, covs)
    return one_hot(np.argmax(logs, axis=1), len(weights)), log_sum(logs).sum()


@E_STEP_FULL.mistake(
    catalogue.CORRELATIONS_IGNORED, hint="What do the entries beside the diagonal of a covariance matrix say?"
)
def correlations_ignored(x, weights, means, covs):
    return _e_step(log_joint(x, weights, means, diagonal(covs)))


E_STEP_FULL.add(
    ridge_added(lambda raised: lambda x, weights, means, covs: _e_step(log_joint(x, weights, means, raised(covs))))
)


@E_STEP_FULL.mistake(
    catalogue.DETERMINANT_FORGOTTEN,
    hint="A wide component is lower than a narrow one everywhere near its mean. By how much?",
)
def determinant_forgotten(x, weights, means, covs):
    return _e_step(log_joint(x, weights, means, covs) + half_log_det(covs))


@E_STEP_FULL.mistake(
    catalogue.MEAN_LOG_LIKELIHOOD, hint="Independent observations multiply: what happens to their logs?"
)
def mean_log_likelihood(x, weights, means, covs):
    logs = log_joint(x, weights, means, covs)
    return softmax(logs, axis=1), log_sum(logs).mean()


@E_STEP_FULL.mistake(
    catalogue.LOG_INSIDE_SUM,
    hint="An observation comes from one component or another: add densities over k, and only then take the log.",
)
def log_inside_sum(x, weights, means, covs):
    logs = log_joint(x, weights, means, covs)
    return softmax(logs, axis=1), logs.sum()


@E_STEP_FULL.mistake(catalogue.NEGATIVE_LOG_LIKELIHOOD, hint="EM makes it grow: is yours falling?")
def negative_log_likelihood(x, weights, means, covs):
    resp, log_likelihood = _e_step(log_joint(x, weights, means, covs))
    return resp, -log_likelihood
