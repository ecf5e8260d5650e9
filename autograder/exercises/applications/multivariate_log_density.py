"""The log density of a Gaussian in D dimensions."""

import numpy as np
from scipy.linalg import solve_triangular

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
from autograder.exercises.numpy_gaussian import LOG_2PI
from autograder.exercises.numpy_multivariate import deviations, diagonal, half_log_det, log_density, quadratic_form
from reference import applications

MULTIVARIATE_LOG_DENSITY = Exercise(
    "multivariate_log_density",
    truth=applications.multivariate_log_density,
    rule=Arrays((Part("log densities", "(N, K)"),)),
    aspects=(
        Aspect(
            "two dimensions",
            points=1,
            hint="Three terms: minus half the squared distance, measured with the inverse of the covariance matrix; "
            "minus half its log determinant; and a constant that depends on D.",
            closer="With the identity as covariance matrix, the log density at the mean is -1.838 in two dimensions."
            " At a distance of 1 it is 0.5 lower. Then double one variance: at the mean it falls by half of "
            "log 2. Which of these fails?",
            visible={
                "eight points, three components": (CLOUD, MEANS, COVS),
                "narrow components": (CLOSE, *NARROW),
            },
            hidden={
                "other points": (SCATTER, MEANS, COVS),
                "other narrow components": (CLOSER, *NARROWER),
                "other components": (CLOUD, OTHER_MEANS, OTHER_COVS),
            },
        ),
        Aspect(
            "any number of dimensions and components",
            points=1,
            hint="D is the number of columns of x and K the number of means: nothing in the code should know either.",
            visible={"three dimensions": (SOLID, SOLID_MEANS, SOLID_COVS)},
            hidden={
                "three dimensions, other components": (SOLID, SOLID_MEANS[::-1] + 1, 2 * SOLID_COVS),
                "one dimension": (CLOUD[:, :1], f32([0.5]), f32([[2.25]])),
                "four dimensions": (FOUR, FOUR_MEANS, FOUR_COVS),
            },
        ),
        Aspect(
            "far from every mean",
            points=2,
            hint="A density below 1e-38 is 0 in float32, and log 0 is infinite: add up the logs of the factors.",
            closer="Which lines compute a density, or a determinant before its logarithm? `jnp.linalg.slogdet` gives"
            " the log of a determinant directly.",
            visible={"a thousand times as far": (1000 * CLOUD, MEANS, COVS)},
            hidden={
                "other points, far away": (1000 * SCATTER, MEANS, COVS),
                "bentos, one of them of no kind": (MENU, KINDS, KIND_COVS),
            },
        ),
    ),
)


@MULTIVARIATE_LOG_DENSITY.mistake(
    says="The squared deviations were multiplied by the covariances.",
    hint="In one dimension the squared deviation is divided by the variance: which matrix divides?",
)
def covariance_not_inverted(x, means, covs):
    return -quadratic_form(deviations(x, means), covs) / 2 - half_log_det(covs) - LOG_2PI * x.shape[1] / 2


@MULTIVARIATE_LOG_DENSITY.mistake(
    catalogue.CORRELATIONS_IGNORED,
    hint="A long, slanted cloud: is a point at its side as probable as one at its end, equally far away?",
)
def correlations_ignored(x, means, covs):
    return log_density(x, means, diagonal(covs))


@MULTIVARIATE_LOG_DENSITY.mistake(
    catalogue.DETERMINANT_FORGOTTEN,
    hint="A density integrates to 1, so a wider component must be lower. What measures how wide it is?",
)
def determinant_forgotten(x, means, covs):
    return log_density(x, means, covs) + half_log_det(covs)


MULTIVARIATE_LOG_DENSITY.add(ridge_added(lambda raised: lambda x, means, covs: log_density(x, means, raised(covs))))


@MULTIVARIATE_LOG_DENSITY.mistake(
    says="The determinant counts twice.",
    hint="In one dimension the density is divided by the standard deviation, the root of the variance.",
)
def determinant_in_full(x, means, covs):
    return log_density(x, means, covs) - half_log_det(covs)


@MULTIVARIATE_LOG_DENSITY.mistake(
    says="The constant is that of one dimension.",
    hint="A product of D densities: how many factors of the root of 2 pi are there?",
)
def constant_of_one_dimension(x, means, covs):
    return log_density(x, means, covs) + LOG_2PI * (x.shape[1] - 1) / 2


@MULTIVARIATE_LOG_DENSITY.mistake(
    catalogue.CONSTANT_FORGOTTEN, hint="A density integrates to 1. What does exp(-z^2/2) integrate to, in D dimensions?"
)
def constant_forgotten(x, means, covs):
    return log_density(x, means, covs) + LOG_2PI * x.shape[1] / 2


@MULTIVARIATE_LOG_DENSITY.mistake(
    catalogue.HALF_FORGOTTEN, hint="Compare with one dimension: by what is the squared distance divided?"
)
def half_forgotten(x, means, covs):
    return log_density(x, means, covs) - quadratic_form(deviations(x, means), np.linalg.inv(covs)) / 2


@MULTIVARIATE_LOG_DENSITY.mistake(
    says="The distance in the exponent was not squared.",
    hint="Twice as far out, how much lower is a log density: twice or four times?",
)
def distance_not_squared(x, means, covs):
    distances = np.sqrt(quadratic_form(deviations(x, means), np.linalg.inv(covs)))
    return -distances / 2 - half_log_det(covs) - LOG_2PI * x.shape[1] / 2


@MULTIVARIATE_LOG_DENSITY.mistake(
    says="The triangular solver read the upper triangle of the Cholesky factor, which is empty.",
    hint="Which triangle does your solver take unless it is told?",
)
def upper_triangle_solved(x, means, covs):
    factors = np.linalg.cholesky(covs)
    z = [solve_triangular(f, np.asarray(x - m).T) for f, m in zip(factors, means, strict=True)]
    return -np.square(z).sum(axis=1).T / 2 - half_log_det(covs) - LOG_2PI * x.shape[1] / 2


@MULTIVARIATE_LOG_DENSITY.mistake(
    says="The density came back instead of its logarithm.", hint="Can these numbers be negative, as a log density can?"
)
def density_not_logged(x, means, covs):
    return np.exp(log_density(x, means, covs))


@MULTIVARIATE_LOG_DENSITY.mistake(
    catalogue.EXPONENTIATED_FIRST,
    hint="Far from the mean it is 0 in float32. Which part of the formula can be logged by hand?",
)
def exponentiated_first(x, means, covs):
    return np.log(np.exp(log_density(x, means, covs)))
