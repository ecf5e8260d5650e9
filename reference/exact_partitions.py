"""Exact posteriors over partitions: a Dirichlet process mixture of few observations, all parameters integrated out.

Given the partition, the blocks are independent, and a block's factor depends only on its members. So the posterior is
computed from a table over the 2^N subsets of the observations, in two ways: by a list of all partitions (their number
is Bell's number: 203 for N = 6, 4 140 for 8, 115 975 for 10), or by a recursion over subsets, without a list. The tests
compare the two ways.

All computations use float64 NumPy, and share no code with the samplers in `dpmm`.

Source: Antoniak (1974), Annals of Statistics 2(6); Quintana and Iglesias (2003), Bayesian clustering and product
partition models, Journal of the Royal Statistical Society B 65.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy
from scipy.special import gammaln, logsumexp


@dataclass(frozen=True, eq=False)
class Posterior:
    """The posterior over all partitions of x.

    Attributes:
        x: the observations, (N,).
        alpha: the concentration.
        base: (loc, count, shape, rate).
        partitions: all partitions, as labels in the order of their first members, (A, N).
        probability: their posterior probabilities, (A,), which sum to 1.
        log_evidence: log p(x), summed over partitions.
    """

    x: np.ndarray
    alpha: float
    base: tuple[float, ...]
    partitions: np.ndarray
    probability: np.ndarray
    log_evidence: float

    def num_clusters(self) -> np.ndarray:
        """P(K = 1), ..., P(K = N) given x: (N,)."""
        sizes = self.partitions.max(axis=1) + 1
        return np.bincount(sizes, self.probability, len(self.x) + 1)[1:]

    def together(self) -> np.ndarray:
        """P(z_i = z_j given x): (N, N)."""
        columns = self.partitions.T
        return np.array([[self.probability @ (first == second) for second in columns] for first in columns])

    def predictive_density(self, x_new) -> np.ndarray:
        """p(x_new given x), (M,), for each x_new, (M,)."""
        # For each set of observations, the probability that it is a block.
        block, owner = np.unique(members(self.partitions).ravel(), return_inverse=True)
        probability = np.bincount(owner, np.repeat(self.probability, len(self.x)))
        total = self.alpha * np.exp(log_predictive(x_new, (), self.base))
        for b, p in zip(block[1:], probability[1:], strict=True):  # the first set is empty
            own = self.x[(b >> np.arange(len(self.x))) & 1 == 1]
            total += p * len(own) * np.exp(log_predictive(x_new, own, self.base))
        return total / (len(self.x) + self.alpha)

    def draw(self, rng: np.random.Generator, num_draws: int) -> np.ndarray:
        """Independent draws, (S, N), with labels in the order of their first members."""
        return self.partitions[rng.choice(len(self.probability), num_draws, p=self.probability)]


def posterior(x, alpha: float, base) -> Posterior:
    """The exact posterior by a list of all partitions, for at most about ten observations.

    Args:
        x: observations, shape (N,).
        alpha: the concentration.
        base: (loc, count, shape, rate): s^2 ~ InverseGamma(shape, rate), mu ~ Normal(loc, s / sqrt(count)).
    """
    x, base = np.asarray(x, np.float64), tuple(map(float, base))
    partitions = all_partitions(len(x))
    log_each = block_log_weights(x, alpha, base)[members(partitions)].sum(axis=1)
    log_total = float(np.asarray(logsumexp(log_each)))
    return Posterior(
        x=x,
        alpha=float(alpha),
        base=base,
        partitions=partitions,
        probability=np.exp(log_each - log_total),
        log_evidence=log_total - _log_rising(alpha, len(x)),
    )


@lru_cache(maxsize=4)
def all_partitions(num_observations: int) -> np.ndarray:
    """Every partition, (Bell(N), N). The first member of a block has the lowest label that is not yet used."""
    rows = np.zeros((1, 1), np.int8)
    for _ in range(num_observations - 1):
        choices = rows.max(axis=1) + 2  # an existing block, or a new block
        last = np.concatenate([np.arange(many) for many in choices])
        rows = np.column_stack([np.repeat(rows, choices, axis=0), last]).astype(np.int8)
    rows.flags.writeable = False
    return rows


def members(partitions: np.ndarray) -> np.ndarray:
    """The blocks of partitions, (A, N), as sets: bit i is 1 if observation i is a member. 0 is the empty set."""
    bits = 1 << np.arange(partitions.shape[1])
    return np.stack([(partitions == k) @ bits for k in range(partitions.shape[1])], axis=1)


def block_log_weights(x: np.ndarray, alpha: float, base) -> np.ndarray:
    """log of alpha (n - 1)! p(x of the block), for each subset of the observations, (2^N,); 0 for the empty subset.

    The probability of a partition is proportional to the product of these weights over its blocks.
    """
    subset = (np.arange(2 ** len(x))[:, None] >> np.arange(len(x))) & 1  # (2^N, N)
    n = subset.sum(axis=1)
    log_weights = np.log(alpha) + gammaln(np.maximum(n, 1)) + _log_marginals(x, subset, base)
    log_weights[0] = 0.0
    return log_weights


def num_clusters_by_subsets(x, alpha: float, base) -> tuple[np.ndarray, float]:
    """P(K = 1), ..., P(K = N) given x, and log p(x), by a recursion over subsets, without a list of partitions.

    Let S(A) be the sum of the weights of all partitions of a set A, as a polynomial whose powers count the blocks. S(A)
    is the sum, over each possible block B of the lowest member of A, of the weight of B times S(A without B).
    """
    x = np.asarray(x, np.float64)
    log_weights = block_log_weights(x, alpha, tuple(map(float, base)))
    scale = log_weights.max()  # per block; corrected in the polynomial below
    weights = np.exp(log_weights - scale)
    total = np.zeros((2 ** len(x), len(x) + 1))
    total[0, 0] = 1.0
    for s in range(1, 2 ** len(x)):
        lowest = s & -s
        others = _subsets(s ^ lowest)
        blocks = others | lowest
        total[s, 1:] = weights[blocks] @ total[s ^ blocks, :-1]
    with np.errstate(divide="ignore"):
        log_terms = np.log(total[-1, 1:]) + scale * np.arange(1, len(x) + 1)
    log_total = float(np.asarray(logsumexp(log_terms)))
    return np.exp(log_terms - log_total), log_total - _log_rising(alpha, len(x))


def log_marginal(x, base) -> float:
    """log p(x) of one block.

    Source: Murphy (2007), Conjugate Bayesian analysis of the Gaussian distribution, eq. 95.
    """
    x = np.asarray(x, np.float64)
    return float(_log_marginals(x, np.ones((1, len(x)), int), base)[0])


def log_predictive(x_new, x, base) -> np.ndarray:
    """log p(x_new given x) in one block, (M,), for each x_new, (M,), separately.

    Source: Murphy (2007), eq. 99.
    """
    count, loc, shape, rate = _updated(np.asarray(x, np.float64), np.ones((1, len(x)), int), base)
    scale = np.sqrt(rate / shape * (count + 1) / count)
    return scipy.stats.t.logpdf(np.atleast_1d(np.asarray(x_new, np.float64)), 2 * shape, loc, scale)


def reassignment(i: int, x, z, alpha: float, base) -> np.ndarray:
    """P(z_i = k given x and the labels of all other observations), (N,), from the joint probabilities of partitions.

    A new block has the lowest label that no other observation has.
    """
    x, z = np.asarray(x, np.float64), np.asarray(z, int)
    labels = np.arange(len(x))
    others = np.delete(z, i)
    taken = np.isin(labels, others)
    log_joint = np.full(len(x), -np.inf)
    for k in (*labels[taken], np.argmin(taken)):
        moved = np.where(labels == i, k, z)
        blocks = [x[moved == label] for label in np.unique(moved)]
        log_joint[k] = sum(np.log(alpha) + gammaln(len(block)) + log_marginal(block, base) for block in blocks)
    return np.exp(log_joint - logsumexp(log_joint))


def _updated(x: np.ndarray, subset: np.ndarray, base) -> tuple[np.ndarray, ...]:
    """The base updated by the observations of each subset, (U, N): count, loc, shape and rate, (U,) each."""
    loc, count, shape, rate = map(float, base)
    n = subset.sum(axis=1)
    mean = subset @ x / np.maximum(n, 1)
    squares = np.sum(subset * (x - mean[:, None]) ** 2, axis=1)
    pull = count * n / (count + n) * (mean - loc) ** 2
    return count + n, (count * loc + n * mean) / (count + n), shape + n / 2, rate + (squares + pull) / 2


def _log_marginals(x: np.ndarray, subset: np.ndarray, base) -> np.ndarray:
    _, count, shape, rate = map(float, base)
    count_n, _, shape_n, rate_n = _updated(x, subset, base)
    return (
        gammaln(shape_n)
        - gammaln(shape)
        + shape * np.log(rate)
        - shape_n * np.log(rate_n)
        + (np.log(count) - np.log(count_n)) / 2
        - subset.sum(axis=1) / 2 * np.log(2 * np.pi)
    )


def _subsets(s: int) -> np.ndarray:
    """All subsets of a set, including the set itself and the empty set."""
    found = np.zeros(1, np.int64)
    while s:
        lowest = s & -s
        found = np.concatenate([found, found | lowest])
        s ^= lowest
    return found


def _log_rising(alpha: float, n: int) -> float:
    """log of alpha (alpha + 1) ... (alpha + n - 1)."""
    return float(gammaln(alpha + n) - gammaln(alpha))
