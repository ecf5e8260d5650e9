"""The exact distribution of a sampler's draws, given the arguments of the call."""

from functools import lru_cache
from typing import Any

import numpy as np
import scipy
from scipy.special import ndtr

from autograder.student.selfcheck.values import Prior
from reference import conditionals, exact

COFFEE_PRIOR = Prior(
    *(np.array(row, np.float32) for row in ([1, 1, 1], [80, 120, 160], [20, 20, 20], [2, 2, 2], [1, 1, 1]))
)
BENTO_PRIOR = Prior(*(np.array(row, np.float32) for row in ([1, 1], [400, 400], [50, 50], [2, 2], [1, 1])))

MAX_ASSIGNMENTS = 10_000
GAP = 10  # g or mg between neighbours: across such a gap, a chain keeps its labels for a long time


def assignments(key, x, pi, mu, sigma) -> dict[str, Any]:
    return {"probabilities": conditionals.assignments(x, pi, mu, sigma)}


def weights(key, z, alpha) -> dict[str, Any]:
    return {"concentration": conditionals.weights(z, alpha)}


def means(key, x, z, sigma, loc, scale) -> dict[str, Any]:
    mean, std = conditionals.means(x, z, sigma, loc, scale)
    return {"loc": mean, "scale": std}


def stds(key, x, z, mu, sigma, shape, rate) -> dict[str, Any]:
    table = conditionals.stds(x, z, mu, shape, rate)
    return table._asdict()


def moved_stds(key, x, z, mu, sigma, shape, rate) -> dict[str, Any]:
    """The start of a walk of sigma, and the standard deviation of log sigma under the conditional."""
    table = conditionals.stds(x, z, mu, shape, rate)
    mass = np.diff(table.cdf, axis=-1)
    nodes = (table.log_nodes[1:] + table.log_nodes[:-1]) / 2
    mean = mass @ nodes
    return {"start": np.asarray(sigma), "spread": np.sqrt(mass @ nodes**2 - mean**2)}


def simulated(prior: Prior, num_observations: int) -> dict[str, Any]:
    return {**prior._asdict(), "num_observations": num_observations}


def emitted(*shape: int) -> dict[str, Any]:
    """Bentos from a kitchen whose recipe is known."""
    return {
        "shape": np.array(shape, int),
        "weights": np.array([0.7, 0.3]),
        "means": np.array([500.0, 350.0]),
        "stds": np.array([2.0, 2.0]),
    }


def predictive(key, locs, scales, num_draws) -> dict[str, Any]:
    """Caffeine before any cup is seen: all blends equally probable, sigma integrated over Gamma(2, 1)."""
    locs, scales = np.asarray(locs, float), np.asarray(scales, float)
    sigma = scipy.stats.gamma.ppf((np.arange(2000) + 0.5) / 2000, 2.0)
    wide = np.sqrt(scales[:, None] ** 2 + sigma**2)  # (K, Q)
    nodes = np.linspace(np.min(locs - 9 * scales) - 20, np.max(locs + 9 * scales) + 20, 4001)
    cdf = np.mean([np.mean(ndtr((nodes[:, None] - locs[k]) / wide[k]), axis=1) for k in range(len(locs))], axis=0)
    return {"nodes": nodes, "cdf": cdf, "num_draws": num_draws}


def posterior(key, x, prior, num_samples) -> dict[str, Any]:
    return _posterior(tuple(map(float, x)), tuple(tuple(map(float, row)) for row in prior)) | {
        "num_samples": num_samples
    }


def coffee_posterior(key, x, num_samples) -> dict[str, Any]:
    return posterior(key, x, COFFEE_PRIOR, num_samples)


@lru_cache(maxsize=32)
def exact_posterior(x: tuple[float, ...], prior: tuple[tuple[float, ...], ...]) -> exact.Posterior:
    k = len(prior[0])
    if k ** len(x) <= MAX_ASSIGNMENTS:
        return exact.posterior(x, prior)
    return exact.posterior(x, prior, exact.grouped_assignments(_groups(x), k))


@lru_cache(maxsize=32)
def _posterior(x: tuple[float, ...], prior: tuple[tuple[float, ...], ...]) -> dict[str, Any]:
    whole = exact_posterior(x, prior)
    labellings = [whole]
    if _groups(x).any():
        # If groups are far apart, a sampler may stay in any of the labellings.
        labellings += [whole.restricted(rows) for rows in _labellings(whole, _groups(x))]
    # At most eight observations, evenly spaced from the lightest to the heaviest.
    order = np.argsort(x, kind="stable")
    watched = order[np.unique(np.linspace(0, len(x) - 1, min(len(x), 8)).round().astype(int))]
    levels = np.quantile(x, [0.1, 0.3, 0.5, 0.7, 0.9])
    expectations = np.array([exact.summaries(labelling, levels, watched) for labelling in labellings])
    extremes = np.array([labelling.extremes() for labelling in labellings])
    return {
        "x": np.array(x),
        **Prior(*map(np.array, prior))._asdict(),
        "levels": levels,
        "watched": watched,
        "low": expectations.min(axis=0),
        "high": expectations.max(axis=0),
        "extremes": np.where([True, False, True, False], extremes.min(axis=0), extremes.max(axis=0)),
    }


def _labellings(whole: exact.Posterior, groups: np.ndarray) -> list[np.ndarray]:
    """The assignments of each labelling, as masks. The labels of each group's lowest and highest members define it."""
    ends = [end for group in np.unique(groups) for end in _ends(whole.x, np.flatnonzero(groups == group))]
    marks = whole.assignments[:, ends]
    best = marks[np.argmax(whole.probability)]
    same = (marks[:, :, None] == marks[:, None, :]) == (best[:, None] == best)
    distinct = np.unique(marks[np.all(same, axis=(1, 2))], axis=0)
    return [np.all(marks == pattern, axis=1) for pattern in distinct]


def _ends(x: np.ndarray, members: np.ndarray) -> tuple[int, int]:
    return members[np.argmin(x[members])], members[np.argmax(x[members])]


def _groups(x: tuple[float, ...]) -> np.ndarray:
    """The group of each observation; a gap of more than `GAP` separates groups."""
    order = np.argsort(x, kind="stable")
    group = np.empty(len(x), int)
    group[order] = np.concatenate([[0], np.cumsum(np.diff(np.asarray(x)[order]) > GAP)])
    return group
