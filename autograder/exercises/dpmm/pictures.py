"""The numbers of the given pictures on the mixture with any number of clusters."""

from typing import Any

import numpy as np
from scipy.stats import norm

from reference import exact_partitions as exact

TEN = np.array([347.0, 349, 350, 352, 353, 425, 497, 499, 500, 502])
BASE = (400.0, 0.0025, 2.0, 8.0)
COUNTS = (0.0025, 0.01, 0.05, 0.25, 1.0)
ONE_KIND = (500.0, 0.1, 3.0, 12.0)
CHAPTER = np.array([-10.4, -10.0, -9.4, -10.1, -9.9, 0.0, 9.5, 9.9, 10.0, 10.1, 10.5])
CHAPTER_BASE = (0.0, 0.01, 1e8, 1e8)  # a known variance of 1, and means ~ Normal(0, 10)
PRINTED = (0.58, 0.35, 0.07)


def numbers() -> dict[str, dict[str, Any]]:
    """The numbers from which each picture is drawn, by its name."""
    ten = exact.posterior(TEN, 1.0, BASE)
    grams = np.linspace(335, 515, 541)
    return {
        "odd": {
            "x": TEN,
            "together": ten.together().astype(np.float32),
            "grams": grams,
            "density": ten.predictive_density(grams).astype(np.float32),
        },
        "restaurants": _restaurants(),
        "stick": {"fractions": np.array([0.4, 0.5, 0.3, 0.6])},
        "priors": {"counts": np.array(COUNTS), "log_terms": np.array([_log_terms(count) for count in COUNTS])},
        "chapter": {
            "exact": exact.num_clusters_by_subsets(CHAPTER, 1.0, CHAPTER_BASE)[0][:7],
            "printed": np.array([0, 0, *PRINTED, 0, 0]),
        },
        "one_kind": one_kind(),
    }


def _restaurants() -> dict[str, Any]:
    """The customers at each table after 1, 5 and 20 customers, for three values of alpha; padded with 0."""
    alphas, moments = np.array([0.5, 2.0, 10.0]), (1, 5, 20)
    tables = np.zeros((len(alphas), len(moments), 20), int)
    for row, alpha in zip(tables, alphas, strict=True):
        rng, counts = np.random.default_rng(4), np.zeros(20)
        for customer in range(20):
            weights = counts.copy()
            weights[np.sum(counts > 0)] = alpha
            counts[rng.choice(20, p=weights / weights.sum())] += 1
            if customer + 1 in moments:
                row[moments.index(customer + 1)] = counts
    return {"alphas": alphas, "moments": np.array(moments), "tables": tables}


def _log_terms(count: float) -> np.ndarray:
    """Up to a constant, the log probability of the ten bentos in K = 1, ..., 10 clusters at alpha = 1."""
    loc, _, shape, rate = BASE
    partitions = exact.all_partitions(len(TEN))
    log_each = exact.block_log_weights(TEN, 1.0, (loc, count, shape, rate))[exact.members(partitions)].sum(axis=1)
    size = partitions.max(axis=1) + 1
    return np.array([np.logaddexp.reduce(log_each[size == k]) for k in range(1, len(TEN) + 1)])


def one_kind() -> dict[str, Any]:
    """P(K given the data) for N bentos that are spread evenly over a single Gaussian."""
    numbers = np.arange(2, 13, 2)
    posterior = np.zeros((len(numbers), 4))
    for row, n in zip(posterior, numbers, strict=True):
        x = norm.ppf((np.arange(n) + 0.5) / n, 500, 2)
        shares, _ = exact.num_clusters_by_subsets(x, 1.0, ONE_KIND)
        row[: min(n, 3)] = shares[:3]
        row[3] = shares[3:].sum()
    return {"num_observations": numbers, "posterior": posterior}
