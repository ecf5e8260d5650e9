"""Applications of mixtures: observations in D dimensions, components with full covariance matrices."""

import jax
import jax.numpy as jnp
from jax.scipy.linalg import solve_triangular
from jax.scipy.special import logsumexp


def multivariate_log_density(x, means, covs):
    """Log density of every observation under every component.

    Args:
        x: observations, shape (N, D).
        means: component means, in the units of x, shape (K, D).
        covs: component covariance matrices, symmetric and positive definite, in the
            units of x squared, shape (K, D, D).

    Returns:
        Array (N, K): entry (i, k) is log N(x_i; means_k, covs_k), finite however far
        x_i lies.

    Source: Bishop (2006), Pattern Recognition and Machine Learning, eq. 2.43.
    """
    ### BEGIN SOLUTION
    lower = jnp.linalg.cholesky(covs)  # (K, D, D): covs_k = lower_k @ lower_k.T
    deviations = jnp.moveaxis(x[:, None] - means, 0, -1)  # (K, D, N)
    # In these coordinates a component is round, with unit variances. No inverse is needed.
    z = solve_triangular(lower, deviations, lower=True)
    log_scales = jnp.log(jnp.diagonal(lower, axis1=1, axis2=2)).sum(axis=1)  # half of log det covs_k
    constant = 0.5 * x.shape[1] * jnp.log(2 * jnp.pi)
    return -0.5 * (z**2).sum(axis=1).T - log_scales - constant
    ### END SOLUTION


def e_step_full(x, weights, means, covs):
    """Responsibilities and log likelihood under the current parameters.

    Args:
        x: observations, shape (N, D).
        weights: mixing proportions, sum to 1, shape (K,).
        means: component means, in the units of x, shape (K, D).
        covs: component covariance matrices, in the units of x squared, shape (K, D, D).

    Returns:
        resp (N, K): P(z_i = k given x_i); each row sums to 1.
        log_likelihood: scalar, the sum over i of log p(x_i).

    Source: Bishop (2006), eqs. 9.23 and 9.28.
    """
    ### BEGIN SOLUTION
    log_joint = jnp.log(weights) + multivariate_log_density(x, means, covs)
    return jax.nn.softmax(log_joint, axis=1), logsumexp(log_joint, axis=1).sum()
    ### END SOLUTION


def m_step_full(x, resp):
    """Parameters that maximise the expected complete-data log likelihood.

    Args:
        x: observations, shape (N, D).
        resp: responsibilities, rows sum to 1, shape (N, K). Every component has some
            responsibility.

    Returns:
        weights (K,), means (K, D) in the units of x, covs (K, D, D) in the units of x
        squared. Nothing is added to the covariance matrices.

    Source: Bishop (2006), eqs. 9.24 to 9.27.
    """
    ### BEGIN SOLUTION
    counts = resp.sum(axis=0)  # how many observations each component is worth
    means = resp.T @ x / counts[:, None]
    deviations = x[:, None] - means  # (N, K, D), from the *new* means
    # The outer product of each deviation with itself, added up with the responsibilities.
    covs = jnp.einsum("nk,nkd,nke->kde", resp, deviations, deviations) / counts[:, None, None]
    return counts / len(x), means, covs
    ### END SOLUTION


def segment_image(image, weights, means, covs):
    """The most probable component of every pixel, by its colour.

    Args:
        image: colours (red, green, blue), shape (H, W, 3): floats in [0, 1], or bytes
            (uint8) from 0 to 255, which stand for the same colours times 255.
        weights: mixing proportions, sum to 1, shape (K,).
        means: mean colours, in [0, 1], shape (K, 3).
        covs: covariance matrices of the colours, on the same scale, shape (K, 3, 3).

    Returns:
        Integers 0 to K - 1, shape (H, W): the k with the highest P(z = k given colour).

    Source: Bishop (2006), section 9.1.1, with soft clusters in the place of K-means.
    """
    ### BEGIN SOLUTION
    image = jnp.asarray(image)
    if image.dtype == jnp.uint8:
        image = image / 255
    colours = image.reshape(-1, 3)  # one observation per pixel, row after row
    resp, _ = e_step_full(colours, weights, means, covs)
    return jnp.argmax(resp, axis=1).reshape(image.shape[:2])
    ### END SOLUTION


def flag_anomalies(x, weights, means, covs, share):
    """Which observations fit the mixture worst?

    Args:
        x: observations, shape (N, D).
        weights: mixing proportions, sum to 1, shape (K,).
        means: component means, in the units of x, shape (K, D).
        covs: component covariance matrices, in the units of x squared, shape (K, D, D).
        share: of the observations to flag, between 0 and 1; share times N is a whole
            number, M.

    Returns:
        Booleans (N,): True for the M observations whose log p(x_i) is lowest. No two of
        these are equal, however far an observation lies.

    Source: Chandola, Banerjee and Kumar (2009), Anomaly Detection: A Survey, ACM
    Computing Surveys 41(3), section 7.1.
    """
    ### BEGIN SOLUTION
    log_density = logsumexp(jnp.log(weights) + multivariate_log_density(x, means, covs), axis=1)
    lowest = jnp.argsort(log_density)[: round(share * len(x))]
    return jnp.zeros(len(x), bool).at[lowest].set(True)
    ### END SOLUTION
