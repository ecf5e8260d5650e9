"""The numbers of the given pictures on mixtures at work."""

from typing import Any

import numpy as np
from scipy.special import softmax

from autograder.exercises.numpy_multivariate import log_density, log_joint
from reference.real_data import HOUSEHOLDS, portrait

BLOCK = 12  # pixels of the photograph, in each direction, for each pixel of the portrait
RIDGE = 1e-3

# Two invented speakers: the first two resonances of three vowels, in Hz. The second has a shorter throat: all
# resonances are 12 % higher.
VOWELS = np.array([[300.0, 2200.0], [700.0, 1200.0], [320.0, 850.0]])
SPREAD = np.array([[[2500.0, 0], [0, 32400]], [[6400, 6000], [6000, 22500]], [[2500, 3000], [3000, 14400]]])
SHARES = np.array([0.4, 0.35, 0.25])
HIGHER = 1.12
FRAMES = 16


def numbers() -> dict[str, dict[str, Any]]:
    """The numbers from which each picture is drawn, by its name."""
    return {
        "two_tasks": {"households": HOUSEHOLDS},
        "colours": _colours(),
        "speakers": _speakers(),
    }


def _colours() -> dict[str, Any]:
    """The portrait in 2 to 6 colours: for each number, the label of every pixel and the mean colours."""
    image = portrait(BLOCK).astype(float)
    pixels = image.reshape(-1, 3)
    shown: dict[str, Any] = {}
    for k in range(2, 7):
        parameters = fitted(pixels, k)
        labels = np.argmax(log_joint(pixels, *parameters), axis=1).astype(np.uint8)
        palette = np.array([pixels[labels == label].mean(axis=0) for label in range(k)])
        shown[str(k)] = {
            "labels": "".join(map(str, labels)),
            "palette": palette.astype(np.float32),
        }
    return {"shape": np.array(image.shape[:2]), "segmented": shown}


def fitted(x: np.ndarray, num_components: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Run EM in several dimensions, from means that are far from each other."""
    chosen = [np.argmin(x.sum(axis=1))]
    while len(chosen) < num_components:  # add the observation that is farthest from all chosen ones
        distances = np.min(np.sum((x[:, None] - x[chosen]) ** 2, axis=2), axis=1)
        chosen.append(np.argmax(distances))
    weights = np.full(num_components, 1 / num_components)
    means, covs = x[chosen], np.stack([0.02 * np.eye(x.shape[1])] * num_components)
    ridge = RIDGE * np.cov(x.T)
    for _ in range(40):
        resp = softmax(log_joint(x, weights, means, covs), axis=1)
        counts = resp.sum(axis=0)
        weights, means = counts / len(x), resp.T @ x / counts[:, None]
        deviations = x[:, None] - means
        covs = np.einsum("nk,nkd,nke->kde", resp, deviations, deviations) / counts[:, None, None] + ridge
    return weights, means, covs


def _speakers() -> dict[str, Any]:
    """Frames of the first speaker, and the log odds in favour of the first speaker, accumulated frame by frame."""
    rng = np.random.default_rng(3)
    vowel = rng.choice(len(SHARES), FRAMES, p=SHARES)
    frames = np.array([rng.multivariate_normal(VOWELS[k], SPREAD[k]) for k in vowel])
    first = np.logaddexp.reduce(log_joint(frames, SHARES, VOWELS, SPREAD), axis=1)
    second = np.logaddexp.reduce(np.log(SHARES) + log_density(frames, VOWELS * HIGHER, SPREAD * HIGHER**2), axis=1)
    return {
        "frames": frames,
        "means": np.stack([VOWELS, VOWELS * HIGHER]),
        "covs": np.stack([SPREAD, SPREAD * HIGHER**2]),
        "log_ratios": first - second,
    }
