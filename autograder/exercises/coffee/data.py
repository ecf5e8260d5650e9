"""What several exercises on the coffees are tried on."""

import numpy as np

from autograder.exercises import f32

BETWEEN = f32(96, 99, 103, 106, 118, 121, 150)  # cups that could be of more than one blend
DENSE = f32(90, 94, 97, 101, 106, 110, 113, 150)


def samples(seed: int, num_draws: int, num_cups: int) -> dict[str, np.ndarray]:
    """Draws whose labels change from one to the next, of cups that belong together more or less."""
    rng = np.random.default_rng(seed)
    mu = np.array([rng.permutation(row) for row in rng.normal([80, 118, 157], 8, (num_draws, 3))])
    blend = rng.integers(0, 3, num_cups)
    drawn = np.where(rng.uniform(size=(num_draws, num_cups)) < 0.7, blend, rng.integers(0, 3, (num_draws, num_cups)))
    order = np.argsort(mu, axis=1)
    return {
        "pi": rng.dirichlet(np.ones(3), num_draws).astype(np.float32),
        "mu": mu.astype(np.float32),
        "sigma": rng.gamma(2, 1, (num_draws, 3)).astype(np.float32),
        "z": np.take_along_axis(order, drawn, axis=1).astype(np.int32),
    }


LOCS = (80.0, 120.0, 160.0)
