"""The data for the exercises on expectation-maximization."""

import numpy as np
from scipy.special import ndtri

from autograder.exercises import Part, f32
from reference.data import BENTOS

PARAMETERS = (Part("weights", "(K,)"), Part("means", "(K,)"), Part("stds", "(K,)"))

# Eight points of two overlapping groups, so that every mistake in a soft assignment shows.
OVERLAP = f32(-2.1, -1.2, -0.4, 0.3, 0.8, 1.5, 2.7, 3.4)
SPREAD = f32(-6.5, -5.25, -1.5, -0.75, 0.0, 2.5, 4.0, 7.25)
# Weights on a loaded tray, so heavy that E[x^2] - mean^2 has no correct digits in float32.
TRAYS = f32(10498.0, 10352.0, 10501.0, 10349.0, 10497.0, 10503.0, 10351.0, 10500.0)
TABLE = f32(498.0, 352.0, 425.0, 349.0, 497.0, 503.0, 380.0, 500.0)

TONKATSU = (BENTOS > 425).astype(np.float32)


# The components are so narrow that a floor under the standard deviations shows.
CLOSE, CLOSER, CLOSEST = OVERLAP / np.float32(1000), SPREAD / np.float32(2000), OVERLAP / np.float32(3000)
NARROW = (f32(4e-4, 0.9996), f32(-0.001, 0.002), f32(8e-4, 0.0015))
NARROWER = (f32(0.9993, 7e-4), f32(0.0015, -0.002), f32(9e-4, 0.00125))


def soft(rows: int, columns: int, seed: int) -> np.ndarray:
    """Responsibilities drawn at random, shape (rows, columns); each row sums to 1."""
    return np.random.default_rng(seed).dirichlet(np.full(columns, 0.7), rows).astype(np.float32)


def groups(seed: int, *groups: tuple[int, float, float]) -> np.ndarray:
    """Shuffled observations of (size, mean, std) groups, each evenly spread over its bell.

    They are quantiles of the middle 94 %: no group has an outlier that a component could collapse on, so every sensible
    fit ends with the same number of groups.
    """
    parts = [mean + std * ndtri(0.03 + 0.94 * (np.arange(size) + 0.5) / size) for size, mean, std in groups]
    return np.random.default_rng(seed).permutation(np.concatenate(parts)).astype(np.float32)


def hardly(rows: int, seed: int) -> np.ndarray:
    """Responsibilities of two components; those of the first sum to a thousandth of an observation."""
    rare = np.random.default_rng(seed).dirichlet(np.ones(rows)).astype(np.float32) / np.float32(1000)
    return np.stack([rare, 1 - rare], axis=1)
