"""The numbers of the given pictures on known parameters."""

from itertools import product
from typing import Any

import numpy as np

from autograder.exercises.numpy_gaussian import joint, log_joint, pdf
from reference.data import BENTOS

RECIPE = np.array([0.7, 0.3]), np.array([500.0, 350.0]), np.array([2.0, 2.0])
# Settings of the tutorial's clusters: means -1 and 1, variances 1/2 and 2.
CLUSTERS = np.array([0.25, 0.5, 0.75])

# The sliders' values: the weight of component 0, the distance of the means, the two standard deviations.
WEIGHTS = np.linspace(0.1, 0.9, 9)
DISTANCES = np.linspace(0, 6, 25)
STDS = np.array([0.5, 1.0, 1.5, 2.0])


def numbers() -> dict[str, dict[str, Any]]:
    """The numbers from which each picture is drawn, by its name."""
    return {
        "valley": {"x": BENTOS},
        "two_steps": _two_steps(),
        "one_bento": _one_bento(),
        "mixture": {
            "weights": WEIGHTS,
            "distances": DISTANCES,
            "stds": STDS,
            "peaks": peaks(),
        },
        "boundaries": _settings(np.array([0.5, 0.9]), np.array([-1.5, 1.5]), np.array([1.0, 1.0])),
        "shoulders": _settings(CLUSTERS, np.array([-1.0, 1.0]), np.sqrt([0.5, 2.0])),
    }


def _two_steps() -> dict[str, Any]:
    """The two steps that make a bento."""
    x = np.linspace(340, 510, 681, dtype=np.float32)
    return {"weights": RECIPE[0], "x": x, "parts": joint(x, *RECIPE).astype(np.float32)}


def _one_bento() -> dict[str, Any]:
    """Prior, likelihood and posterior of the worked example."""
    prior, likelihood = np.array([0.7, 0.3]), np.array([0.02, 0.06])
    return {"prior": prior, "likelihood": likelihood, "posterior": prior * likelihood / (prior @ likelihood)}


def _settings(first: np.ndarray, means: np.ndarray, stds: np.ndarray) -> dict[str, Any]:
    """Mixtures that differ only in their weights: their parts, and the probability of component 0."""
    x = np.linspace(-6, 6, 401)
    parts, probabilities = [], []
    for weight in first:
        logs = log_joint(x, np.array([weight, 1 - weight]), means, stds)
        parts.append(np.exp(logs))
        probabilities.append(1 / (1 + np.exp(logs[:, 1] - logs[:, 0])))
    return {
        "first": first,
        "x": x,
        "parts": np.array(parts, np.float32),
        "probabilities": np.array(probabilities, np.float32),
    }


def peaks() -> np.ndarray:
    """The number of peaks for each setting of the sliders, shape (weights, distances, stds, stds)."""
    counted = np.ones((len(WEIGHTS), len(DISTANCES), len(STDS), len(STDS)), np.uint8)
    settings = product(enumerate(DISTANCES[1:], start=1), enumerate(STDS), enumerate(STDS))
    for (d, distance), (i, first), (j, second) in settings:
        # p(x) rises at the left mean and falls at the right one. An even number of points avoids the middle.
        x = np.linspace(0, distance, 2000)
        steepness = np.stack([-x / first**2, (distance - x) / second**2], axis=1)  # slope of each log density
        slopes = pdf(x, np.array([0.0, distance]), np.array([first, second])) * steepness
        rising = WEIGHTS[:, None] * slopes[:, 0] + (1 - WEIGHTS[:, None]) * slopes[:, 1] > 0
        counted[:, d, i, j] = np.sum(rising[:, :-1] & ~rising[:, 1:], axis=1)
    return counted
