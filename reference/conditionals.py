"""The exact conditional distributions of a mixture's parameters, with which single draws are compared.

All computations use float64 NumPy, and share no code with the samplers in `bayesian_gmm`. The first axis of an array of
draws is the draws: in a shape (..., K), `...` is empty or the number of draws.
"""

from typing import NamedTuple

import numpy as np
import scipy
from scipy.special import gammaincinv, log_softmax

NODES = 400
TAIL = 1e-12


class Tabulated(NamedTuple):
    """Distributions of positive numbers, as tables of the distributions of their logarithms.

    Cubic Hermite interpolation of the cdf between nodes is accurate to 1e-5.

    Attributes:
        log_nodes: evenly spaced, (G,).
        cdf: distribution functions of the logarithm at the nodes, (..., K, G).
        pdf: densities of the logarithm at the nodes, (..., K, G).
    """

    log_nodes: np.ndarray
    cdf: np.ndarray
    pdf: np.ndarray

    def quantiles(self, u: np.ndarray) -> np.ndarray:
        """The quantiles (R, K) of the K distributions at probabilities `u` (R, K)."""
        fine = np.linspace(self.log_nodes[0], self.log_nodes[-1], 50 * len(self.log_nodes))
        columns = [
            np.interp(
                u[:, k], scipy.interpolate.CubicHermiteSpline(self.log_nodes, self.cdf[k], self.pdf[k])(fine), fine
            )
            for k in range(u.shape[1])
        ]
        return np.exp(np.stack(columns, axis=1))


def assignments(x, pi, mu, sigma) -> np.ndarray:
    """P(z_i = k given x_i, pi, mu, sigma): (..., N, K), for x (N,) and parameters (..., K)."""
    x, pi, mu, sigma = _wide(x, pi, mu, sigma)
    log_joint = np.log(pi)[..., None, :] + scipy.stats.norm.logpdf(x[:, None], mu[..., None, :], sigma[..., None, :])
    return np.exp(log_softmax(log_joint, axis=-1))


def weights(z, alpha) -> np.ndarray:
    """The concentration (..., K) of the Dirichlet distribution of pi given z.

    Source: Murphy (2012), section 24.2.3.
    """
    [alpha] = _wide(alpha)
    return alpha + members(z, len(alpha)).sum(axis=-2)


def means(x, z, sigma, loc, scale) -> tuple[np.ndarray, np.ndarray]:
    """The mean and the standard deviation, (..., K) each, of mu_k given x, z and sigma.

    Source: Murphy (2012), section 4.6.1.
    """
    x, sigma, loc, scale = _wide(x, sigma, loc, scale)
    member = members(z, len(loc))
    precision = 1 / scale**2 + member.sum(axis=-2) / sigma**2
    shift = (member * (x[:, None] - loc)).sum(axis=-2) / sigma**2 / precision
    return loc + shift, 1 / np.sqrt(precision)


def stds(x, z, mu, shape, rate) -> Tabulated:
    """The distribution of sigma_k given x, z and mu, by Hermite quadrature over log sigma."""
    x, mu, shape, rate = _wide(x, mu, shape, rate)
    member = members(z, len(shape))
    counts = member.sum(axis=-2)
    squares = (member * (x[:, None] - mu[..., None, :]) ** 2).sum(axis=-2)
    log_nodes = np.linspace(*log_std_range(np.sqrt(squares.max()), shape, rate), NODES)
    # The log density of log sigma, and its slope.
    exponent, falls, pull = (shape - counts)[..., None], rate[:, None] * np.exp(log_nodes), np.exp(-2 * log_nodes)
    pull = squares[..., None] * pull
    log_density = exponent * log_nodes - falls - pull / 2
    density = np.exp(log_density - log_density.max(axis=-1, keepdims=True))
    slope = density * (exponent - falls + pull)
    step = log_nodes[1] - log_nodes[0]
    between = step / 2 * (density[..., 1:] + density[..., :-1]) + step**2 / 12 * (slope[..., :-1] - slope[..., 1:])
    cdf = np.concatenate([np.zeros((*between.shape[:-1], 1)), np.cumsum(between, axis=-1)], axis=-1)
    return Tabulated(log_nodes, cdf / cdf[..., -1:], density / cdf[..., -1:])


def log_std_range(spread: float, shape: np.ndarray, rate: np.ndarray) -> tuple[float, float]:
    """The range that contains all the mass of log sigma, except `TAIL` at either end.

    Args:
        spread: the largest deviation in the data, in the unit of x: the range of x, or the root of a sum of squares.
        shape, rate: of the priors sigma_k ~ Gamma(shape_k, rate_k), (K,).
    """
    low = np.min(gammaincinv(shape, TAIL) / rate)
    high = max(np.max(scipy.stats.gamma.isf(TAIL, shape, scale=1 / rate)), 2 * spread)
    return float(np.log(low)), float(np.log(high))


def members(z, num_components: int) -> np.ndarray:
    """One-hot assignments: (..., N, K)."""
    return (np.asarray(z)[..., None] == np.arange(num_components)).astype(float)


def _wide(*values) -> list[np.ndarray]:
    return [np.asarray(value, np.float64) for value in values]
