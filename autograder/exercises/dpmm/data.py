"""Data sets that reveal mistakes: clusters overlap, and no alpha, count, shape or rate is 1.

All numbers are exact in float32, so that alpha and the base can be Python numbers.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from autograder.exercises import Arguments, Base, Key, Seeded, f32
from reference import exact_partitions as exact


@dataclass(frozen=True, eq=False)
class DataSet:
    """Observations, the concentration alpha, and the prior of each cluster."""

    x: np.ndarray
    alpha: float
    base: Base

    @cached_property
    def posterior(self) -> exact.Posterior:
        return exact.posterior(self.x, self.alpha, self.base)

    @lru_cache(maxsize=8)  # noqa: B019 (the few data sets live as long as the program)
    def draws(self, seed: int, count: int) -> np.ndarray:
        """Independent draws of the partition, int32; each draw has its own labels from 0 to N - 1."""
        rng = np.random.default_rng(seed)
        z = self.posterior.draw(rng, count)
        names = np.argsort(rng.uniform(size=z.shape), axis=1)
        drawn = np.take_along_axis(names, z.astype(int), axis=1).astype(np.int32)
        drawn.flags.writeable = False
        return drawn


FOUR = DataSet(f32(-1.3, 0.2, 0.6, 2.1), 1.75, Base(0.5, 0.375, 2.5, 1.625))
FIVE = DataSet(f32(-3.2, -0.4, 0.1, 0.5, 2.6), 0.625, Base(0.5, 0.1875, 3.5, 0.875))
SIX = DataSet(f32(-2.1, -1.2, 0.3, 0.9, 2.7, 3.4), 1.75, FOUR.base)
EIGHT = DataSet(f32(-2.1, -1.2, -0.4, 0.3, 0.8, 1.5, 2.7, 3.4), 0.75, Base(-0.5, 0.3125, 2.5, 1.375))
TEN = DataSet(f32(347, 349, 350, 352, 353, 425, 497, 499, 500, 502), 1.5, Base(400.0, 0.00390625, 2.0, 8.0))


# Other bases, and bentos whose squares have more digits than float32.
OTHER = Base(-1.0, 2.5, 1.75, 3.25)
HEAVY, LIGHT = Base(499.0, 0.5, 3.0, 0.5), Base(351.0, 0.625, 2.5, 0.75)
FOUR_HEAVY, FIVE_LIGHT = f32(497.3, 499.1, 500.2, 502.4), f32(347.2, 349.4, 350.1, 352.3, 353.7)
# Parameters of the truncated program.
CUTS = (0.3, 0.45, 0.1, 0.6, 0.25, 0.35, 0.15, 0.5, 0.2)
MEANS = (352, 499, 425, 371, 460, 398, 330, 512, 441, 405)
STDS = (2.5, 1.5, 3, 0.75, 2, 4.5, 1.25, 3.5, 2.25, 5)


def from_exact(data: DataSet, *, count: int = 4000) -> Seeded:
    """Arguments of a sweep whose `z` are independent draws from the posterior that a sweep must leave unchanged."""

    def make(seed: int) -> Arguments:
        return Key(seed), data.x, data.draws(seed, count), data.alpha, data.base

    return make
