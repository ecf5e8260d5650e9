"""What several exercises of this assignment are tried on."""

import numpy as np

from autograder.exercises import i32

THREE_LABELS = i32(0, 2, 1, 1, 2, 0)


def samples(seed: int, num_draws: int, num_components: int, num_observations: int) -> dict[str, np.ndarray]:
    """Draws whose labels change from one to the next."""
    rng = np.random.default_rng(seed)
    return {
        "pi": rng.dirichlet(np.full(num_components, 2.0), num_draws).astype(np.float32),
        "mu": rng.uniform(340, 510, (num_draws, num_components)).astype(np.float32),
        "sigma": rng.uniform(5, 40, (num_draws, num_components)).astype(np.float32),
        "z": rng.integers(0, num_components, (num_draws, num_observations)).astype(np.int32),
    }


def weighted(seed: int, draws: dict[str, np.ndarray], level: float = -70) -> dict[str, np.ndarray]:
    log_weights = np.random.default_rng(seed).normal(level, 1.5, len(draws["mu"]))
    return {**draws, "log_weights": log_weights.astype(np.float32)}
