"""Known mistakes in EM's steps in D dimensions: wrong variants of the reference, and what to say of them.

In plain NumPy, for the same reasons as in `gaussian`.
"""

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import softmax

from autograder.exercises import Misconception
from autograder.exercises.numpy_gaussian import LOG_2PI, log_sum, one_hot
from autograder.exercises.numpy_multivariate import (
    deviations,
    diagonal,
    half_log_det,
    log_density,
    log_joint,
    quadratic_form,
)

# --- multivariate_log_density ---


def _density_cov_not_inverted(x, means, covs):
    return -quadratic_form(deviations(x, means), covs) / 2 - half_log_det(covs) - LOG_2PI * x.shape[1] / 2


def _density_upper_triangle(x, means, covs):
    factors = np.linalg.cholesky(covs)
    z = [solve_triangular(f, np.asarray(x - m).T) for f, m in zip(factors, means, strict=True)]
    return -np.square(z).sum(axis=1).T / 2 - half_log_det(covs) - LOG_2PI * x.shape[1] / 2


def _density_not_squared(x, means, covs):
    distances = np.sqrt(quadratic_form(deviations(x, means), np.linalg.inv(covs)))
    return -distances / 2 - half_log_det(covs) - LOG_2PI * x.shape[1] / 2


MULTIVARIATE_LOG_DENSITY = (
    Misconception(
        name="covariance_not_inverted",
        says="The squared deviations were multiplied by the covariances.",
        hint="In one dimension the squared deviation is divided by the variance: which matrix divides?",
        variant=_density_cov_not_inverted,
    ),
    Misconception(
        name="correlations_ignored",
        says="Only the variances were used, as if the coordinates were independent.",
        hint="A long, slanted cloud: is a point at its side as probable as one at its end, equally far away?",
        variant=lambda x, m, c: log_density(x, m, diagonal(c)),
    ),
    Misconception(
        name="determinant_forgotten",
        says="The determinant of the covariance matrix is missing.",
        hint="A density integrates to 1, so a wider component must be lower. What measures how wide it is?",
        variant=lambda x, m, c: log_density(x, m, c) + half_log_det(c),
    ),
    Misconception(
        name="determinant_in_full",
        says="The determinant counts twice.",
        hint="In one dimension the density is divided by the standard deviation, the root of the variance.",
        variant=lambda x, m, c: log_density(x, m, c) - half_log_det(c),
    ),
    Misconception(
        name="constant_of_one_dimension",
        says="The constant is that of one dimension.",
        hint="A product of D densities: how many factors of the root of 2 pi are there?",
        variant=lambda x, m, c: log_density(x, m, c) + LOG_2PI * (x.shape[1] - 1) / 2,
    ),
    Misconception(
        name="constant_forgotten",
        says="The constant is missing.",
        hint="A density integrates to 1. What does exp(-z^2/2) integrate to, in D dimensions?",
        variant=lambda x, m, c: log_density(x, m, c) + LOG_2PI * x.shape[1] / 2,
    ),
    Misconception(
        name="half_forgotten",
        says="The exponent lacks its factor of one half.",
        hint="Compare with one dimension: by what is the squared distance divided?",
        variant=lambda x, m, c: log_density(x, m, c) - quadratic_form(deviations(x, m), np.linalg.inv(c)) / 2,
    ),
    Misconception(
        name="distance_not_squared",
        says="The distance in the exponent was not squared.",
        hint="Twice as far out, how much lower is a log density: twice or four times?",
        variant=_density_not_squared,
    ),
    Misconception(
        name="upper_triangle_solved",
        says="The triangular solver read the upper triangle of the Cholesky factor, which is empty.",
        hint="Which triangle does your solver take unless it is told?",
        variant=_density_upper_triangle,
    ),
    Misconception(
        name="density_not_logged",
        says="The density came back instead of its logarithm.",
        hint="Can these numbers be negative, as a log density can?",
        variant=lambda x, m, c: np.exp(log_density(x, m, c)),
    ),
    Misconception(
        name="exponentiated_first",
        says="The density was computed before its logarithm.",
        hint="Far from the mean it is 0 in float32. Which part of the formula can be logged by hand?",
        variant=lambda x, m, c: np.log(np.exp(log_density(x, m, c))),
    ),
)


# --- e_step_full ---


def _e_step(logs):
    return softmax(logs, axis=1), log_sum(logs).sum()


def _e_exp_first(x, weights, means, covs):
    densities = np.exp(log_joint(x, weights, means, covs))
    density = densities.sum(axis=1)
    return densities / density[:, None], np.log(density).sum()


def _e_wrong_axis(x, weights, means, covs):
    logs = log_joint(x, weights, means, covs)
    return softmax(logs, axis=0), log_sum(logs).sum()


def _e_over_everything(x, weights, means, covs):
    logs = log_joint(x, weights, means, covs)
    return softmax(logs), log_sum(logs).sum()


def _e_hard(x, weights, means, covs):
    logs = log_joint(x, weights, means, covs)
    return one_hot(np.argmax(logs, axis=1), len(weights)), log_sum(logs).sum()


def _e_mean(x, weights, means, covs):
    logs = log_joint(x, weights, means, covs)
    return softmax(logs, axis=1), log_sum(logs).mean()


def _e_sum_of_logs(x, weights, means, covs):
    logs = log_joint(x, weights, means, covs)
    return softmax(logs, axis=1), logs.sum()


def _e_negative(x, weights, means, covs):
    resp, log_likelihood = _e_step(log_joint(x, weights, means, covs))
    return resp, -log_likelihood


E_STEP_FULL = (
    Misconception(
        name="exponentiated_first",
        says="The densities were exponentiated before they were normalised.",
        hint="Far from every mean they are all 0 in float32. What stays finite there?",
        variant=_e_exp_first,
    ),
    Misconception(
        name="weights_ignored",
        says="The mixing proportions play no part.",
        hint="Bayes' rule has a prior in it.",
        variant=lambda x, w, m, c: _e_step(log_density(x, m, c)),
    ),
    Misconception(
        name="weights_not_logged",
        says="The weights were added to log densities as they are.",
        hint="A product of densities is a sum of logs: of which logs?",
        variant=lambda x, w, m, c: _e_step(np.asarray(w) + log_density(x, m, c)),
    ),
    Misconception(
        name="normalised_over_observations",
        says="The responsibilities sum to 1 over the observations.",
        hint="Each observation has one component: along which axis must the probabilities sum to 1?",
        variant=_e_wrong_axis,
    ),
    Misconception(
        name="normalised_over_everything",
        says="The responsibilities of all observations together sum to 1.",
        hint="Each observation has one component: along which axis must the probabilities sum to 1?",
        variant=_e_over_everything,
    ),
    Misconception(
        name="hard_assignment",
        says="Every observation went wholly to its most probable component.",
        hint="That is k-means. EM keeps the doubt: what are the probabilities?",
        variant=_e_hard,
    ),
    Misconception(
        name="correlations_ignored",
        says="Only the variances were used, as if the coordinates were independent.",
        hint="What do the entries beside the diagonal of a covariance matrix say?",
        variant=lambda x, w, m, c: _e_step(log_joint(x, w, m, diagonal(c))),
    ),
    Misconception(
        name="determinant_forgotten",
        says="The determinants of the covariance matrices are missing.",
        hint="A wide component is lower than a narrow one everywhere near its mean. By how much?",
        variant=lambda x, w, m, c: _e_step(log_joint(x, w, m, c) + half_log_det(c)),
    ),
    Misconception(
        name="mean_log_likelihood",
        says="The log likelihood is a mean over the observations.",
        hint="Independent observations multiply: what happens to their logs?",
        variant=_e_mean,
    ),
    Misconception(
        name="log_inside_sum",
        says="The log likelihood sums logs over components too.",
        hint="An observation comes from one component or another: add densities over k, and only then take the log.",
        variant=_e_sum_of_logs,
    ),
    Misconception(
        name="negative_log_likelihood",
        says="The log likelihood has the wrong sign.",
        hint="EM makes it grow: is yours falling?",
        variant=_e_negative,
    ),
)


# --- m_step_full ---


def _m_step(x, resp, *, centres=None, products=None, divisors=None):
    """A right M-step, unless something else is given for one of its parts."""
    x, resp = np.asarray(x), np.asarray(resp)
    counts = resp.sum(axis=0)
    means = resp.T @ x / counts[:, None]
    deviations = x[:, None] - (means if centres is None else centres)
    shares = resp if products is None else products
    covs = np.einsum("nk,nkd,nke->kde", shares, deviations, deviations)
    return counts / len(x), means, covs / (counts if divisors is None else divisors)[:, None, None]


def _m_divided_by_n(x, resp):
    weights, means, _ = _m_step(x, resp)
    means *= weights[:, None]
    return weights, means, _m_step(x, resp, centres=means, divisors=np.full(len(means), len(x), np.float32))[2]


def _m_counts(x, resp):
    weights, means, covs = _m_step(x, resp)
    return weights * len(x), means, covs


def _m_correlations(x, resp):
    weights, means, covs = _m_step(x, resp)
    stds = np.sqrt(np.diagonal(covs, axis1=1, axis2=2))
    return weights, means, covs / (stds[:, :, None] * stds[:, None])


def _m_diagonal(x, resp):
    weights, means, covs = _m_step(x, resp)
    return weights, means, diagonal(covs)


def _m_shared(x, resp):
    weights, means, covs = _m_step(x, resp)
    return weights, means, np.broadcast_to(np.einsum("k,kde->de", weights, covs), covs.shape)


def _m_digits_lost(x, resp):
    weights, means, _ = _m_step(x, resp)
    squares = _m_step(x, resp, centres=np.float32(0))[2]
    return weights, means, squares - means[:, :, None] * means[:, None]


M_STEP_FULL = (
    Misconception(
        name="products_unweighted",
        says="Every observation counts fully in every covariance matrix.",
        hint="An observation counts for component k by its responsibility, in the spread as in the mean.",
        variant=lambda x, r: _m_step(x, r, products=np.ones_like(r), divisors=np.full(r.shape[1], len(x), np.float32)),
    ),
    Misconception(
        name="divided_by_n",
        says="The sums were divided by N, the number of all observations.",
        hint="A mean of component k is over the observations that k is responsible for: how many are those?",
        variant=_m_divided_by_n,
    ),
    Misconception(
        name="divided_by_count_minus_1",
        says="The covariances were divided by the effective count minus 1.",
        hint="That makes them unbiased. Which divisor makes the data most likely?",
        variant=lambda x, r: _m_step(x, r, divisors=np.sum(r, axis=0) - 1),
    ),
    Misconception(
        name="counts_for_weights",
        says="The weights are effective counts.",
        hint="Mixing proportions sum to 1.",
        variant=_m_counts,
    ),
    Misconception(
        name="hard_assignment",
        says="Every observation went wholly to its most probable component.",
        hint="An observation counts for each component by its responsibility, not all or nothing.",
        variant=lambda x, r: _m_step(x, one_hot(np.argmax(r, axis=1), r.shape[1])),
    ),
    Misconception(
        name="overall_mean_in_spread",
        says="The spread was measured around the mean of all observations.",
        hint="Which mean does component k spread around?",
        variant=lambda x, r: _m_step(x, r, centres=np.mean(x, axis=0)),
    ),
    Misconception(
        name="mean_not_subtracted",
        says="The products are of the observations, not of their deviations from the mean.",
        hint="Move all observations by 1000: should their spread change?",
        variant=lambda x, r: _m_step(x, r, centres=np.float32(0)),
    ),
    Misconception(
        name="responsibility_squared",
        says="The responsibility was squared together with the deviation.",
        hint="It is a weight of the product of two deviations: how often may it stand there?",
        variant=lambda x, r: _m_step(x, r, products=np.square(r)),
    ),
    Misconception(
        name="correlations_ignored",
        says="Only the variances are there; the entries beside the diagonal are 0.",
        hint="Do two coordinates that rise together have a covariance of 0? Multiply each deviation with each other.",
        variant=_m_diagonal,
    ),
    Misconception(
        name="correlations_for_covariances",
        says="Correlations came back where covariances belong.",
        hint="In which unit is a covariance of grams and yen?",
        variant=_m_correlations,
    ),
    Misconception(
        name="one_covariance_for_all",
        says="All components share one covariance matrix.",
        hint="Each component has a spread of its own, around its own mean.",
        variant=_m_shared,
    ),
    Misconception(
        name="digits_lost",
        says="The covariance was taken as the mean product minus the product of the means, in float32.",
        hint="float32 keeps seven digits, and two large numbers that differ by little use them up. What comes first?",
        variant=_m_digits_lost,
    ),
)
