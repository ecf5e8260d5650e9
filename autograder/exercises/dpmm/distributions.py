"""The exact distribution of a sampler's draws of partitions, given the arguments of the call."""

from functools import lru_cache
from typing import Any

import numpy as np
from scipy.special import gammaln

from autograder.student.selfcheck.rules.partitions import firsts, sizes_of
from reference import exact_partitions as exact

LISTED = 10  # the most observations for which all partitions are listed
SINGLY = 5  # the most observations for which each partition is counted


def prior(key, num_customers: int, alpha: float) -> dict[str, Any]:
    """The distribution of the Chinese restaurant process."""
    n, alpha = int(num_customers), float(alpha)
    num_clusters = np.array([1.0])
    for seated in range(n):  # Antoniak (1974)
        num_clusters = np.append(seated * num_clusters, 0) + alpha * np.append(0, num_clusters)
        num_clusters /= seated + alpha
    together = np.full((n, n), 1 / (1 + alpha))
    np.fill_diagonal(together, 1.0)
    whole = {"num_clusters": num_clusters[1:], "together": together}
    if n > LISTED:
        return whole | _listed(np.zeros((0, n), int), np.zeros(0))
    partitions = exact.all_partitions(n)
    sizes = sizes_of(partitions)
    log_probability = np.where(sizes > 0, np.log(alpha) + gammaln(np.maximum(sizes, 1)), 0).sum(axis=1)
    return whole | _listed(partitions, np.exp(log_probability + gammaln(alpha) - gammaln(alpha + n)))


def swept(key, x, z, alpha, base) -> dict[str, Any]:
    """The distribution after a sweep from exact draws: the posterior."""
    return _posterior(tuple(map(float, x)), float(alpha), tuple(map(float, base)))


def chained(key, x, alpha, base, num_samples: int) -> dict[str, Any]:
    """The distribution of a chain's draws: the posterior."""
    return swept(key, x, None, alpha, base) | {"num_samples": num_samples}


def moved(key, x, z, alpha, base) -> dict[str, Any]:
    """The start of a walk."""
    return {"start": np.asarray(z)}


def worlds(num_observations: int) -> dict[str, Any]:
    """The parameters of the program `truncated_dpmm`."""
    fixed = {"alpha": 2.0, "loc": 400.0, "scale": 50.0, "shape": 2.0, "rate": 1.0, "num_components": 10}
    return fixed | {"num_observations": num_observations}


@lru_cache(maxsize=32)
def _posterior(x: tuple[float, ...], alpha: float, base: tuple[float, ...]) -> dict[str, Any]:
    whole = exact.posterior(x, alpha, base)
    known = {"num_clusters": whole.num_clusters(), "together": whole.together()}
    return known | _listed(whole.partitions, whole.probability)


def _listed(partitions: np.ndarray, probability: np.ndarray) -> dict[str, Any]:
    """The distribution of the sizes of the clusters; for few observations, also that of the partition itself."""
    sizes, own = np.unique(sizes_of(partitions), axis=0, return_inverse=True)
    singly = slice(None) if partitions.shape[1] <= SINGLY else slice(0)
    return {
        "sizes": sizes,
        "sizes_probability": np.bincount(own.ravel(), probability, len(sizes)),
        "partitions": firsts(partitions[singly]) if len(partitions) else partitions,
        "partitions_probability": probability[singly],
    }
