"""Data sets that reveal mistakes: groups overlap, are unbalanced or tiny, and every component has its own prior.

No scale, alpha, shape or rate is 1: at 1, a scale equals a rate, and a variance equals a standard deviation.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from autograder.exercises import Arguments, Key, Prior, Seeded, f32
from autograder.exercises.distributions import exact_posterior
from reference import conditionals
from reference.exact import Draws


@dataclass(frozen=True, eq=False)
class DataSet:
    """Observations, and the priors for them."""

    x: np.ndarray
    prior: Prior

    @lru_cache(maxsize=8)  # noqa: B019 (the few data sets live as long as the program)
    def draws(self, seed: int, count: int) -> Draws:
        """Independent draws from the exact posterior, float32."""
        prior = tuple(tuple(map(float, row)) for row in self.prior)
        drawn = exact_posterior(tuple(map(float, self.x)), prior).draw(np.random.default_rng(seed), count)
        pi, mu, sigma = (a.astype(np.float32) for a in (drawn.pi, drawn.mu, drawn.sigma))
        kept = Draws(pi, mu, sigma, drawn.z.astype(np.int32))
        for array in kept:
            array.flags.writeable = False
        return kept


OVERLAP = DataSet(
    f32(-2.1, -1.2, -0.4, 0.3, 0.8, 1.5, 2.7, 3.4),
    Prior(f32(2, 1.5), f32(-1, 2), f32(1.2, 1.5), f32(3, 2), f32(2, 0.8)),
)
GRAMS = DataSet(
    f32(404, 409, 411, 415, 418, 422, 426, 431),
    Prior(f32(1.5, 3), f32(410, 425), f32(6, 8), f32(3, 4), f32(0.8, 0.7)),
)
TINY = DataSet(f32(-0.5, 0.7, 2.2), Prior(f32(1.5, 2), f32(0, 2), f32(1.3, 2), f32(2, 3), f32(2, 1.5)))
# The component with the higher mean comes first.
TURNED = DataSet(TINY.x, Prior(*(row[::-1].copy() for row in TINY.prior)))
THREE = DataSet(
    f32(-3, -0.5, 0.2, 1.1, 2.8, 4),
    Prior(f32(1.5, 2, 0.5), f32(-2, 0.5, 3), f32(1.5, 0.8, 2), f32(2, 3, 4), f32(1.5, 3, 2.5)),
)


def in_sweep_assignments(data: DataSet, *, count: int = 2000) -> Seeded:
    def make(seed: int) -> Arguments:
        drawn = data.draws(seed, count)
        return Key(seed), data.x, drawn.pi, drawn.mu, drawn.sigma

    return make


def in_sweep_weights(data: DataSet, *, count: int = 2000) -> Seeded:
    return lambda seed: (Key(seed), data.draws(seed, count).z, data.prior.alpha)


def in_sweep_means(data: DataSet, *, count: int = 2000) -> Seeded:
    def make(seed: int) -> Arguments:
        drawn = data.draws(seed, count)
        return Key(seed), data.x, drawn.z, drawn.sigma, data.prior.loc, data.prior.scale

    return make


def in_sweep_stds(data: DataSet, *, count: int = 1000) -> Seeded:
    def make(seed: int) -> Arguments:
        drawn = data.draws(seed, count)
        return Key(seed), data.x, drawn.z, drawn.mu, drawn.sigma, data.prior.shape, data.prior.rate

    return make


def from_exact_stds(
    x: np.ndarray, z: np.ndarray, mu: np.ndarray, shape: np.ndarray, rate: np.ndarray, *, count: int = 4000
) -> Seeded:
    """Arguments whose `sigma` are independent draws from the distribution that a step must leave unchanged."""

    def make(seed: int) -> Arguments:
        u = np.random.default_rng(seed).uniform(size=(count, len(mu)))
        sigma = conditionals.stds(x, z, mu, shape, rate).quantiles(u).astype(np.float32)
        return Key(seed), x, z, mu, sigma, shape, rate

    return make
