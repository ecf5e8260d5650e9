"""Posteriors of small mixtures by other means than the reference's: covariance matrices and SciPy."""

from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
from scipy.special import gammaln, logsumexp
from scipy.stats import gamma, kstest, norm

from reference.data import BENTOS, COFFEES


class Prior(NamedTuple):
    alpha: np.ndarray
    loc: np.ndarray
    scale: np.ndarray
    shape: np.ndarray
    rate: np.ndarray


def make_prior(*values) -> Prior:
    return Prior(*(np.array(value, float) for value in values))


# Designed to reveal mistakes: the priors of the components differ, and not all scales, alphas or rates are 1.
DESIGNED = {
    "overlap": (
        np.array([-2.1, -1.2, -0.4, 0.3, 0.8, 1.5, 2.7, 3.4]),
        make_prior((2, 1), (-1, 2), (1, 1.5), (3, 2), (2, 0.8)),
    ),
    "three": (
        np.array([-3, -0.5, 0.2, 1.1, 2.8, 4]),
        make_prior((1, 2, 0.5), (-2, 0.5, 3), (1.5, 1, 2), (2, 3, 4), (1.5, 3, 2.5)),
    ),
    "tiny": (np.array([-0.5, 0.7, 2.2]), make_prior((1, 2), (0, 2), (1, 2), (2, 3), (2, 1.5))),
}
BENTO_PRIOR = make_prior((1, 1), (400, 400), (50, 50), (2, 2), (1, 1))
COFFEE_PRIOR = make_prior((1, 1, 1), (80, 120, 160), (20, 20, 20), (2, 2, 2), (1, 1, 1))
BENTO_GROUPS = (BENTOS > 425).astype(int)
COFFEE_GROUPS = np.digitize(COFFEES, [100, 140])

# For draws with components in the order of their means; measured once with 2801 nodes and all 2^20 assignments.
BENTOS_IN_ORDER = {"pi": (0.409091, 0.590909), "mu": (350.263884, 499.986223), "sigma": (2.281913, 1.985017)}
BENTOS_IN_ORDER_STD = {"pi": (0.102519, 0.102519), "mu": (0.835306, 0.586906), "sigma": (0.613449, 0.439755)}
COFFEES_IN_ORDER = {"mu": (80.99989, 118.60194, 156.90254), "sigma": (1.97721, 2.34677, 2.05904)}
COFFEES_IN_ORDER_STD = {"mu": (0.64346, 0.76214, 0.66975), "sigma": (0.48590, 0.55683, 0.50196)}


class GivenSigma(NamedTuple):
    """A component that owns certain observations: the posterior of log sigma on a grid, and mu given each sigma."""

    log_evidence: float
    sigma: np.ndarray  # (G,)
    weights: np.ndarray  # sum to 1
    mean: np.ndarray
    std: np.ndarray

    def moments(self) -> list[float]:
        """The expectations of mu, mu squared, sigma, sigma squared, and mu sigma."""
        mean, sigma = self.mean, self.sigma
        return [float(self.weights @ values) for values in (mean, mean**2 + self.std**2, sigma, sigma**2, mean * sigma)]


@dataclass(frozen=True)
class Truth:
    """A posterior over all assignments; labels are those of the prior."""

    log_evidence: float
    assignments: np.ndarray  # (A, N)
    probability: np.ndarray  # (A,)
    parts: list[list[GivenSigma]]  # of each assignment and component
    concentration: np.ndarray  # (A, K): of pi given the assignment
    mu: np.ndarray  # (A, K): expectation given the assignment, and so on
    mu_squared: np.ndarray
    sigma: np.ndarray
    sigma_squared: np.ndarray
    mu_sigma: np.ndarray

    @property
    def pi(self) -> np.ndarray:
        return self.concentration / self.concentration.sum(axis=1, keepdims=True)

    @property
    def pi_squared(self) -> np.ndarray:
        total = self.concentration.sum(axis=1, keepdims=True)
        return self.concentration * (self.concentration + 1) / total / (total + 1)

    @property
    def membership(self) -> np.ndarray:
        """P(z_i = k): (N, K)."""
        labels = np.arange(self.mu.shape[1])
        return np.einsum("a,ank->nk", self.probability, self.assignments[:, :, None] == labels)

    def expect(self, values: np.ndarray) -> np.ndarray:
        """The expectation over assignments of values (A, ...)."""
        return np.tensordot(self.probability, values, axes=1)

    def expect_given_sigma(self, function) -> float:
        """The expectation of function(sigma, mean, std), summed over the components."""
        return float(
            sum(
                probability * (part.weights @ function(part.sigma, part.mean, part.std))
                for probability, row in zip(self.probability, self.parts, strict=True)
                for part in row
            )
        )


def component(x, loc, scale, shape, rate) -> GivenSigma:
    """Given sigma, the observations and mu are jointly normal; sigma by a sum over a fine grid of its logarithm."""
    n = len(x)
    # Two different observations rule out a far smaller sigma, which would make the covariance singular.
    low = 1e-4 * np.ptp(x) if n > 1 else 1e-7
    high = gamma.isf(1e-15, shape, scale=1 / rate) + 3 * np.ptp([*x, loc])
    log_sigma = np.linspace(np.log(low), np.log(high), 1200)
    sigma = np.exp(log_sigma)
    log_density = gamma.logpdf(sigma, shape, scale=1 / rate) + log_sigma
    mean, variance = np.full(len(sigma), float(loc)), np.full(len(sigma), float(scale) ** 2)
    if n:
        covariance = sigma[:, None, None] ** 2 * np.eye(n) + scale**2
        sides = np.stack([x - loc, np.ones(n)], axis=1)
        solved = np.linalg.solve(covariance, np.broadcast_to(sides, (len(sigma), n, 2)))
        _, log_determinant = np.linalg.slogdet(2 * np.pi * covariance)
        log_density = log_density - (log_determinant + solved[..., 0] @ (x - loc)) / 2
        mean = loc + scale**2 * solved[..., 0].sum(axis=1)
        variance = scale**2 - scale**4 * solved[..., 1].sum(axis=1)
    log_total = logsumexp(log_density)
    step = log_sigma[1] - log_sigma[0]
    weights = np.exp(log_density - log_total)
    # For a tiny sigma, rounding may give a negative variance.
    return GivenSigma(float(log_total + np.log(step)), sigma, weights, mean, np.sqrt(np.maximum(variance, 1e-300)))


def posterior(x, prior: Prior, assignments=None) -> Truth:
    """Sum over all assignments, for small samples, or over the given ones."""
    x = np.asarray(x, float)
    labels = range(len(prior.alpha))
    if assignments is None:
        assignments = np.array(list(product(labels, repeat=len(x))))
    known = {}

    def part(owns, k):
        key = k, owns.tobytes()
        if key not in known:
            known[key] = component(x[owns], *(values[k] for values in prior[1:]))
        return known[key]

    parts = [[part(z == k, k) for k in labels] for z in assignments]
    counts = np.stack([(assignments == k).sum(axis=1) for k in labels], axis=1)
    concentration = prior.alpha + counts
    # The Dirichlet-multinomial probability of an assignment: a ratio of the Dirichlet's normalising constants.
    log_assigned = log_beta(concentration) - log_beta(prior.alpha[None])
    log_each = log_assigned + np.array([[part.log_evidence for part in row] for row in parts]).sum(axis=1)
    log_evidence = float(logsumexp(log_each))
    moments = {id(part): part.moments() for part in known.values()}
    table = np.array([[moments[id(part)] for part in row] for row in parts])  # (A, K, 5)
    return Truth(
        log_evidence, assignments, np.exp(log_each - log_evidence), parts, concentration, *np.moveaxis(table, -1, 0)
    )


def log_beta(concentration):
    return gammaln(concentration).sum(axis=1) - gammaln(concentration.sum(axis=1))


def log_density_of_everything(x, prior: Prior, pi, mu, sigma, z) -> float:
    """log p(pi, mu, sigma, z, x) by SciPy."""
    return float(
        gammaln(prior.alpha.sum())
        - gammaln(prior.alpha).sum()
        + np.sum((prior.alpha - 1) * np.log(pi))
        + norm.logpdf(mu, prior.loc, prior.scale).sum()
        + gamma.logpdf(sigma, prior.shape, scale=1 / prior.rate).sum()
        + np.log(pi)[z].sum()
        + norm.logpdf(x, mu[z], sigma[z]).sum()
    )


def batch_means_t(draws, truth, num_batches=20) -> np.ndarray:
    """The distance of the mean of dependent draws (S, ...) from the truth, in standard errors by batch means."""
    draws = np.asarray(draws, float)
    batches = draws.reshape(num_batches, -1, *draws.shape[1:]).mean(axis=1)
    return (batches.mean(axis=0) - truth) / (batches.std(axis=0, ddof=1) / np.sqrt(num_batches))


def uniform(u) -> bool:
    """Tell whether numbers look like independent draws between 0 and 1."""
    return kstest(np.asarray(u, float), "uniform").pvalue > 1e-3


def correlation(a, b) -> float:
    return float(np.corrcoef(a, b)[0, 1])


def unrelated(*columns) -> bool:
    """Tell whether no two columns of independent draws are correlated, nor a column with its own past."""
    columns = [np.asarray(column, float) for column in columns]
    pairs = [(a, b) for i, a in enumerate(columns) for b in columns[:i]] + [(a[1:], a[:-1]) for a in columns]
    # One in a thousand right sets of columns has a larger correlation.
    largest = norm.isf(0.001 / 2 / len(pairs)) / np.sqrt(len(columns[0]))
    return all(abs(correlation(a, b)) < largest for a, b in pairs)
