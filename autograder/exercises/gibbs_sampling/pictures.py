"""The numbers of the given pictures of Gibbs sampling: a haystack, a chain between two modes, a Metropolis walk."""

from typing import Any

import numpy as np

from autograder.exercises.distributions import BENTO_PRIOR, exact_posterior
from reference import exact
from reference.data import BENTOS

# The same prior for both components, so that every mode has a mirror image.
EIGHT = np.array([-1.9, -1.5, -1.1, -0.6, 1.3, 1.7, 2.2, 2.8])
MIRROR_PRIOR = ((1.0, 1.0), (0.5, 0.5), (1.5, 1.5), (2.0, 2.0), (2.0, 2.0))
NUM_SWEEPS, NUM_STEPS = 32, 60
LIGHT = BENTOS[BENTOS < 425]


def numbers() -> dict[str, dict[str, Any]]:
    """What each picture is drawn from, by its name."""
    return {"haystack": _haystack(), "metropolis": metropolis(), "chain": _chain()}


def _haystack() -> dict[str, Any]:
    """Guesses of the two means from the prior, and draws from the posterior in both labellings."""
    rng = np.random.default_rng(0)
    light_first = (BENTOS > 425).astype(int)
    posterior = exact.posterior(BENTOS, BENTO_PRIOR, np.array([light_first, 1 - light_first]))
    return {
        "guesses": rng.normal(400, 50, (1000, 2)).astype(np.float32),
        "posterior": posterior.draw(rng, 200).mu.astype(np.float32),
    }


def _chain() -> dict[str, Any]:
    """A Gibbs chain on eight observations in two groups that are not far apart: the means after each sweep."""
    draws = exact_posterior(tuple(map(float, EIGHT)), MIRROR_PRIOR).draw(np.random.default_rng(1), 1500)
    path, moved = gibbs_path(np.random.default_rng(256), EIGHT)
    return {"posterior": draws.mu.astype(np.float32), "path": path.astype(np.float32), "crossed": np.array(moved)}


def gibbs_path(rng: np.random.Generator, x: np.ndarray) -> tuple[np.ndarray, int]:
    """The means (NUM_SWEEPS + 1, 2) of a chain with exact steps, and how often it changed sides of the diagonal."""
    alpha, loc, scale, shape, rate = (np.array(row) for row in MIRROR_PRIOR)
    pi, mu, sigma = np.full(2, 0.5), np.array([-1.0, 1.0]), np.ones(2)
    path = [mu]
    for _ in range(NUM_SWEEPS):
        log_joint = np.log(pi / sigma) - 0.5 * ((x[:, None] - mu) / sigma) ** 2
        z = np.argmax(log_joint + rng.gumbel(size=log_joint.shape), axis=1)
        member = z[:, None] == np.arange(2)
        counts = member.sum(axis=0)
        pi = rng.dirichlet(alpha + counts)
        precision = 1 / scale**2 + counts / sigma**2
        mu = rng.normal((loc / scale**2 + x @ member / sigma**2) / precision, precision**-0.5)
        squares = (member * (x[:, None] - mu) ** 2).sum(axis=0)
        sigma = np.array([_draw_sigma(rng, *row) for row in zip(counts, squares, shape, rate, strict=True)])
        path.append(mu)
    sides = np.sign(np.diff(np.array(path), axis=1)[:, 0])
    return np.array(path), int(np.sum(sides[1:] != sides[:-1]))


def _log_target(u: np.ndarray, count: float, squares: float, shape: float, rate: float) -> np.ndarray:
    return (shape - count) * u - rate * np.exp(u) - squares / 2 * np.exp(-2 * u)


def _draw_sigma(rng: np.random.Generator, count: float, squares: float, shape: float, rate: float) -> float:
    u = np.linspace(-4, 4, 2001)
    logs = _log_target(u, count, squares, shape, rate)
    cumulative = np.cumsum(np.exp(logs - logs.max()))
    return float(np.exp(np.interp(rng.uniform() * cumulative[-1], cumulative, u)))


def metropolis() -> dict[str, Any]:
    """A walk of log sigma for the light bentos around 350.26 g: every proposal, and whether it was accepted."""
    count, squares = len(LIGHT), float(np.sum((LIGHT - LIGHT.mean()) ** 2))
    rng = np.random.default_rng(2)
    u, size = np.log(6.0), 0.7
    here, proposed, accepted = [], [], []
    for _ in range(NUM_STEPS):
        v = u + size * rng.standard_normal()
        ratio = _log_target(np.array(v), count, squares, 2, 1) - _log_target(np.array(u), count, squares, 2, 1)
        here.append(u)
        proposed.append(v)
        accepted.append(bool(np.log(rng.uniform()) < ratio))
        u = v if accepted[-1] else u
    grid = np.linspace(-0.8, 2.4, 161)
    density = np.exp(_log_target(grid, count, squares, 2, 1) - _log_target(grid, count, squares, 2, 1).max())
    return {
        "here": np.array(here),
        "proposed": np.array(proposed),
        "accepted": np.array(accepted),
        "grid": grid,
        "density": density / np.trapezoid(density, grid),
    }


def log_evidence(num_components: int) -> float:
    """log p(the 20 bentos) with so many components that all have the prior of a bento's component."""
    k = num_components
    prior = tuple((value,) * k for value in (1.0, 400.0, 50.0, 2.0, 1.0))
    groups = (BENTOS > 425).astype(int)
    rows = np.zeros((1, len(BENTOS)), int) if k == 1 else exact.grouped_assignments(groups, k)
    return exact.posterior(BENTOS, prior, rows).log_evidence
