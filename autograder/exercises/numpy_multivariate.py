"""The Gaussian in D dimensions in plain NumPy, for wrong variants; see `numpy_gaussian` for the reasons."""

import numpy as np

from autograder.exercises.numpy_gaussian import LOG_2PI


def deviations(x, means):
    """x_i - mean_k, shape (N, K, D)."""
    return np.asarray(x)[:, None] - np.asarray(means)


def quadratic_form(differences, matrices):
    """The quadratic form of each difference (N, K, D) with its component's matrix, shape (N, K)."""
    return np.einsum("nkd,kde,nke->nk", differences, matrices, differences)


def half_log_det(covs):
    """Half of the log determinant of each covariance matrix, shape (K,)."""
    return np.linalg.slogdet(covs)[1] / 2


def diagonal(covs):
    """Covariance matrices with all covariances set to 0, shape (K, D, D)."""
    return covs * np.eye(covs.shape[-1], dtype=np.float32)


def log_density(x, means, covs):
    """log N(x_i; mean_k, cov_k), shape (N, K)."""
    distances = quadratic_form(deviations(x, means), np.linalg.inv(covs))
    return -distances / 2 - half_log_det(covs) - LOG_2PI * x.shape[1] / 2


def log_joint(x, weights, means, covs):
    """log of weight_k N(x_i; mean_k, cov_k), shape (N, K)."""
    return np.log(weights) + log_density(x, means, covs)
