"""The numbers of the given pictures on expectation-maximization."""

from typing import Any

import numpy as np
from scipy.special import expit

from autograder.exercises.numpy_gaussian import e_step, log_joint, log_sum, m_step
from reference.data import BENTOS, COFFEES

START = np.array([0.5, 0.5]), np.array([430.0, 400.0]), np.array([60.0, 60.0])
ITERATIONS = 11
SMALLEST = 0.01  # times the standard deviation of the observations: no component may be narrower
MOST = 5  # components
# The slice through the log likelihood fixes all parameters except the mean of component 0.
SLICE = np.array([0.5, 0.5]), 350.0, np.array([60.0, 60.0])
SLICE_START = 420.0


def numbers() -> dict[str, dict[str, Any]]:
    """The numbers from which each picture is drawn, by its name."""
    return {
        "puzzle": {"x": BENTOS},
        "learning": _learning(),
        "soft_labels": _soft_labels(),
        "limit": _limit(),
        "bound": _bound(),
        "criteria": {"bentos": criteria(BENTOS), "coffees": criteria(COFFEES)},
    }


def _soft_labels() -> dict[str, Any]:
    """The small example of the M-step."""
    x, resp = np.array([0.0, 2.0, 4.0]), np.array([[1, 0], [0.5, 0.5], [0, 1.0]])
    _, means, stds = m_step(x, resp)
    return {"x": x, "resp": resp, "means": means, "stds": stds}


def _learning() -> dict[str, Any]:
    """EM on the bentos: the parameters and the log likelihood before each iteration, and at the end."""
    x, parameters = BENTOS.astype(float), START
    path, resps, log_likelihoods = [], [], []
    for _ in range(ITERATIONS + 1):
        resp, log_likelihood = e_step(x, *parameters)
        path.append(parameters)
        resps.append(resp[:, 0])
        log_likelihoods.append(log_likelihood)
        parameters = m_step(x, resp)
    weights, means, stds = (np.array(part) for part in zip(*path, strict=True))
    return {
        "x": x,
        "weights": weights,
        "means": means,
        "stds": stds,
        "resp": np.array(resps, np.float32),
        "log_likelihoods": np.array(log_likelihoods),
    }


def _bound() -> dict[str, Any]:
    """A slice through the log likelihood, and the bounds of three E-steps: the points of contact, and the maxima."""
    x = BENTOS.astype(float)
    weights, other, stds = SLICE
    grid = np.linspace(380, 560, 181)

    def logs(mean: float) -> np.ndarray:
        return log_joint(x, weights, np.array([mean, other]), stds)

    touches, tops, bounds = [], [], []
    mean = SLICE_START
    for _ in range(3):
        resp = e_step(x, weights, np.array([mean, other]), stds)[0]
        entropy = -np.sum(resp * np.log(resp))
        bounds.append([np.sum(resp * logs(at)) + entropy for at in grid])
        touches.append((mean, log_sum(logs(mean)).sum()))
        mean = m_step(x, resp)[1][0]
        tops.append((mean, np.sum(resp * logs(mean)) + entropy))
    return {
        "mean": grid,
        "log_likelihood": np.array([log_sum(logs(at)).sum() for at in grid]),
        "bounds": np.array(bounds),
        "touches": np.array(touches),
        "tops": np.array(tops),
    }


def _limit() -> dict[str, Any]:
    """P(component 0) between the means 500 and 350 with equal weights, for ever smaller equal spreads."""
    x, stds = np.linspace(340, 510, 341), np.array([100.0, 40.0, 15.0, 2.0])
    odds = (150 * x[:, None] - (500**2 - 350**2) / 2) / stds**2
    return {"x": x, "stds": stds, "probabilities": expit(odds).T.astype(np.float32)}


def criteria(x: np.ndarray) -> dict[str, Any]:
    """The highest log likelihood for each number of components, and the BIC."""
    x = x.astype(float)
    numbers = np.arange(1, MOST + 1)
    log_likelihoods = np.array([_best_fit(x, int(k)) for k in numbers])
    return {
        "num_components": numbers,
        "log_likelihoods": log_likelihoods,
        "bic": (3 * numbers - 1) * np.log(len(x)) - 2 * log_likelihoods,
    }


def _best_fit(x: np.ndarray, num_components: int) -> float:
    """The highest log likelihood of 30 fits, each from observations drawn at random as means."""
    rng, smallest = np.random.default_rng(0), SMALLEST * x.std()
    best = -np.inf
    for _ in range(30):
        weights = np.full(num_components, 1 / num_components)
        means = rng.choice(x, num_components, replace=False)
        stds = np.full(num_components, x.std() / num_components)
        for _ in range(100):
            before = means
            resp = np.maximum(e_step(x, weights, means, stds)[0], 1e-300)
            weights, means, stds = m_step(x, resp)
            stds = np.maximum(stds, smallest)
            if np.array_equal(means, before):
                break
        best = max(best, float(e_step(x, weights, means, stds)[1]))
    return best
