"""The numbers of the given pictures of the Bayesian mixture: an exact posterior, worlds, weighted guesses."""

from functools import cache
from typing import Any

import numpy as np
from scipy.special import softmax
from scipy.stats import beta, norm

from autograder.exercises.distributions import BENTO_PRIOR
from reference import exact
from reference.data import BENTOS

LIGHT_FIRST = (BENTOS > 425).astype(int)[None]
NUM_WORLDS, NUM_GUESSES = 12, 100_000
SIZES = (1, 2, 20)


def numbers() -> dict[str, dict[str, Any]]:
    """What each picture is drawn from, by its name."""
    return {"doubt": _doubt(), "worlds": _worlds(), "guesses": _guesses()}


@cache
def posterior() -> exact.Posterior:
    """The exact posterior given the 20 bentos, with the light component first."""
    return exact.posterior(BENTOS, BENTO_PRIOR, LIGHT_FIRST)


def _doubt() -> dict[str, Any]:
    """The posterior densities of tonkatsu's share and of both sigmas, beside the answer of EM."""
    num_heavy = int(LIGHT_FIRST.sum())
    share, sigma = np.linspace(0, 1, 201), np.linspace(0.5, 5, 181)
    whole, log_nodes = posterior(), posterior().log_nodes
    tables = [whole.node_weights[k, whole.owns[0, k]] for k in range(2)]
    densities = [np.interp(np.log(sigma), log_nodes, table / np.diff(log_nodes)[0]) / sigma for table in tables]
    return {
        "share": share,
        "share_density": beta.pdf(share, 1 + num_heavy, 1 + len(BENTOS) - num_heavy),
        "sigma": sigma,
        "sigma_densities": np.array(densities),
        "em_share": np.array(num_heavy / len(BENTOS)),
        "em_sigmas": np.array([BENTOS[LIGHT_FIRST[0] == k].std() for k in range(2)]),
    }


def _draws(rng: np.random.Generator, size: int, num_observations: int) -> tuple[np.ndarray, ...]:
    """Draws from the prior: pi, mu, sigma (size, 2), z (size, num_observations)."""
    alpha, loc, scale, shape, rate = (np.asarray(row, float) for row in BENTO_PRIOR)
    pi = rng.dirichlet(alpha, size)
    mu, sigma = rng.normal(loc, scale, (size, 2)), rng.gamma(shape, 1 / rate, (size, 2))
    return pi, mu, sigma, (rng.random((size, num_observations)) > pi[:, :1]).astype(int)


def _worlds() -> dict[str, Any]:
    """Twenty bentos in each of several worlds that the model thinks possible."""
    rng = np.random.default_rng(5)
    _, mu, sigma, z = _draws(rng, NUM_WORLDS, len(BENTOS))
    x = rng.normal(np.take_along_axis(mu, z, axis=1), np.take_along_axis(sigma, z, axis=1))
    return {"x": x.astype(np.float32), "z": z, "bentos": BENTOS.astype(np.float32)}


def guesses() -> dict[int, np.ndarray]:
    """The importance weights of many guesses, the largest first, by the number of bentos."""
    weights = {}
    for n in SIZES:
        _, mu, sigma, z = _draws(np.random.default_rng(n), NUM_GUESSES, n)
        mu, sigma = np.take_along_axis(mu, z, axis=1), np.take_along_axis(sigma, z, axis=1)
        weights[n] = np.sort(softmax(norm.logpdf(BENTOS[:n], mu, sigma).sum(axis=1)))[::-1]
    return weights


def _guesses() -> dict[str, Any]:
    found = guesses()
    rank = np.unique(np.geomspace(1, NUM_GUESSES, 120).round().astype(int))
    return {
        "sizes": np.array(SIZES),
        "rank": rank,
        "sums": np.array([np.cumsum(found[n])[rank - 1] for n in SIZES], np.float32),
        "worth": np.array([1 / np.sum(found[n] ** 2) for n in SIZES]),
        "nine_tenths": np.array([int(np.searchsorted(np.cumsum(found[n]), 0.9)) + 1 for n in SIZES]),
    }
