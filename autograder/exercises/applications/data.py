"""The data and the components for mixtures in D dimensions."""

import numpy as np

from autograder.exercises import f32


def cov(stds: tuple[float, ...], correlation: float) -> np.ndarray:
    """A covariance matrix in which any two coordinates are equally correlated."""
    num_dims = len(stds)
    correlations = np.full((num_dims, num_dims), correlation) + (1 - correlation) * np.eye(num_dims)
    return (np.outer(stds, stds) * correlations).astype(np.float32)


# Eight observations whose groups overlap, so that every mistake in a soft assignment shows.
CLOUD = f32([-2, -1.5], [-1, -2.25], [-0.5, 0.25], [0.25, -0.75], [0.75, 1.5], [1.5, 0.5], [2.5, 2.75], [3.25, 1.25])
SCATTER = f32([-4.5, 2], [-3.25, -1], [-1.5, 3.5], [-0.75, -2.5], [0, 0.5], [2.25, -3.75], [4, 1.75], [6.5, -0.5])
SOLID = np.column_stack([CLOUD, f32(1, -0.5, 2, 0.25, -1.75, 3, 0.5, -2)])
FOUR = np.column_stack([SCATTER, SOLID[:, 1:]])
MEANS = f32([-1, -1], [2, 1.5], [0.5, -0.5])
COVS = np.stack([cov((1, 1.5), 0.6), cov((1.25, 0.75), -0.5), cov((2, 2.5), 0.8)])
OTHER_MEANS = f32([-3, 1], [1.5, -1], [4, 0.5])
OTHER_COVS = np.stack([cov((2, 1), -0.7), cov((3, 1.5), 0.4), cov((1.5, 2), 0.75)])
# The components are so narrow that even a small ridge shows.
CLOSE, CLOSER = CLOUD / np.float32(1000), SCATTER / np.float32(2000)
NARROW = MEANS / np.float32(1000), COVS / np.float32(1e6)
NARROWER = OTHER_MEANS / np.float32(2000), OTHER_COVS / np.float32(4e6)
SOLID_MEANS, SOLID_COVS = f32([-1, -1, 0.5], [2, 1.5, -0.5]), np.stack([cov((1, 2, 1.5), 0.5), cov((2, 1, 3), -0.3)])
FOUR_MEANS, FOUR_COVS = (
    f32([0.5, 0, 0.25, -0.5], [-1, 1, 0.5, 0.5]),
    np.stack([cov((3, 2, 1, 2), 0.6), cov((2, 3, 2, 1.5), -0.2)]),
)

# Bentos in grams and yen; one of them lies between two kinds, 15 standard deviations from either.
MENU = f32([498, 648], [352, 503], [425, 575], [349, 497], [497, 653], [503, 649], [380, 540], [500, 655])
KINDS = f32([500, 650], [350, 500], [800, 900])
KIND_COVS = np.stack([cov((6, 6), 1 / 3), cov((6, 6), 1 / 3), cov((20, 30), 0.5)])
