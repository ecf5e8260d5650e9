"""The Gaussian in plain NumPy, for wrong variants: in float32 it underflows as a student's code would.

Variants are tried on every case of every wrong answer, so they must not wait for a compiler.
"""

import numpy as np
from scipy.special import softmax

LOG_2PI = np.float32(np.log(2 * np.pi))


def logpdf(x, means, stds):
    """log N(x_i; mean_k, std_k), shape (N, K)."""
    return -0.5 * ((x[:, None] - means) / stds) ** 2 - np.log(stds) - 0.5 * LOG_2PI


def pdf(x, means, stds):
    """N(x_i; mean_k, std_k), shape (N, K)."""
    return np.exp(logpdf(x, means, stds))


def log_joint(x, weights, means, stds):
    """log of weight_k N(x_i; mean_k, std_k), shape (N, K)."""
    return np.log(weights) + logpdf(x, means, stds)


def joint(x, weights, means, stds):
    """weight_k N(x_i; mean_k, std_k), shape (N, K)."""
    return weights * pdf(x, means, stds)


def log_sum(logs):
    """log of the sum over the components of exp(logs), shape (N,)."""
    return np.logaddexp.reduce(logs, axis=1)


def one_hot(labels, num_components):
    """Memberships of labels, shape (N, K)."""
    return np.eye(num_components, dtype=np.float32)[labels]


def e_step(x, weights, means, stds):
    """A right E-step."""
    logs = log_joint(x, weights, means, stds)
    return softmax(logs, axis=1), log_sum(logs).sum()


def m_step(x, resp):
    """A right M-step."""
    counts = resp.sum(axis=0)
    means = (resp * x[:, None]).sum(axis=0) / counts
    return counts / len(x), means, np.sqrt((resp * (x[:, None] - means) ** 2).sum(axis=0) / counts)


def two_only(variant):
    """Use the first two components only; if there is one component, use it twice, as JAX's indexing does."""

    def of_two(x, weights, means, stds):
        two = np.array([0, min(1, len(means) - 1)])
        return variant(x, weights[two], means[two], stds[two])

    return of_two


def taking_std_for_variance(variant):
    """Change a variant: it takes each standard deviation for a variance."""
    return lambda x, weights, means, stds: variant(x, weights, means, np.sqrt(stds))


def shadowing_pi(density):
    """Change a density: the mixing proportions replace the number 3.14159."""
    return lambda x, weights, means, stds: density(x, weights, means, stds) * np.sqrt(np.float32(np.pi) / weights)


def variances_of(variant):
    """Change a variant: it returns variances instead of standard deviations."""

    def squared(*args):
        weights, means, stds = variant(*args)
        return weights, means, stds**2

    return squared
