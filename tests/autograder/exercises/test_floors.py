"""Floors, ridges and coarse grids with numbers that no known mistake has: none of them passes."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import norm

from autograder.exercises import Exercise
from autograder.grading.diagnosis import name_mistake
from reference import applications, categorization, em
from tests.autograder.exercises.judging import call, earned, exercises
from tests.autograder.trials import trials_of

EXERCISES = {exercise.name: exercise for exercise in exercises("categorization", "em", "applications")}
FLOORS = (3.0, 0.3, 0.03, 0.003)


def passes_all(exercise: Exercise, function: Callable[..., Any]) -> bool:
    values = {case.name: call(function, case) for case in exercise.cases}
    return len(earned(exercise, values)) == len(exercise.aspects)


def last_raised(function: Callable[..., Any], floor: float) -> Callable[..., Any]:
    """The function with its last argument, the standard deviations, raised."""
    return lambda *args: function(*args[:-1], jnp.maximum(args[-1], floor))


def fit_em(floor: float) -> Callable[..., Any]:
    def fit(x, weights, means, stds, num_iters):
        log_likelihoods = []
        for _ in range(num_iters):
            resp, log_likelihood = em.e_step(x, weights, means, stds)
            log_likelihoods.append(log_likelihood)
            weights, means, stds = em.m_step(x, resp)
            stds = jnp.maximum(stds, floor)
        return weights, means, stds, jnp.array(log_likelihoods)

    return fit


def stds_raised(function: Callable[..., Any], floor: float) -> Callable[..., Any]:
    """The function, which returns weights, means and standard deviations, with the standard deviations raised."""

    def raised(*args: Any) -> Any:
        weights, means, stds = function(*args)
        return weights, means, jnp.maximum(stds, floor)

    return raised


FLOORED: dict[str, Callable[[float], Callable[..., Any]]] = {
    "component_log_density": lambda floor: last_raised(categorization.component_log_density, floor),
    "responsibilities": lambda floor: last_raised(categorization.responsibilities, floor),
    "marginal_density": lambda floor: last_raised(categorization.marginal_density, floor),
    "decision_boundaries": lambda floor: last_raised(categorization.decision_boundaries, floor),
    "count_modes": lambda floor: last_raised(categorization.count_modes, floor),
    "labelled_mle": lambda floor: stds_raised(em.labelled_mle, floor),
    "e_step": lambda floor: last_raised(em.e_step, floor),
    "m_step": lambda floor: stds_raised(em.m_step, floor),
    "fit_em": fit_em,
    "anomaly_score": lambda floor: last_raised(em.anomaly_score, floor),
}


@pytest.mark.parametrize(
    ("name", "floor"),
    [
        # Without --long, every other floor.
        pytest.param(name, floor, marks=pytest.mark.long if (place + number) % 2 else ())
        for place, name in enumerate(FLOORED)
        for number, floor in enumerate(FLOORS)
    ],
)
def test_a_floor_under_the_stds_never_passes(name: str, floor: float):
    assert not passes_all(EXERCISES[name], FLOORED[name](floor))


@pytest.mark.parametrize(
    "ridge", [0.03, pytest.param(0.003, marks=pytest.mark.long), pytest.param(3e-4, marks=pytest.mark.long), 3e-5]
)
@pytest.mark.parametrize("name", ["multivariate_log_density", "e_step_full"])
def test_a_ridge_never_passes(name: str, ridge: float):
    function = getattr(applications, name)

    def with_ridge(*args):
        return function(*args[:-1], args[-1] + ridge * jnp.eye(args[-1].shape[-1]))

    assert not passes_all(EXERCISES[name], with_ridge)


@pytest.mark.parametrize("ridge", [0.03, 0.003, 3e-4])  # a smaller ridge is within the tolerance of a covariance
def test_a_ridge_that_is_returned_never_passes(ridge: float):
    def with_ridge(x, resp):
        weights, means, covs = applications.m_step_full(x, resp)
        return weights, means, covs + ridge * jnp.eye(covs.shape[-1])

    assert not passes_all(EXERCISES["m_step_full"], with_ridge)


@pytest.mark.parametrize("reach", [3.5, 4.5, 8])
@pytest.mark.parametrize("num_points", [35, 50, 75, 90, 120])
def test_a_coarse_grid_never_passes(num_points: int, reach: float):
    def count_modes(weights, means, stds):
        grid = np.linspace(np.min(means - reach * stds), np.max(means + reach * stds), num_points)
        p = norm.pdf(grid[:, None], means, stds) @ np.asarray(weights)
        return int(np.sum((p[1:-1] > p[:-2]) & (p[1:-1] >= p[2:])))

    assert not passes_all(EXERCISES["count_modes"], count_modes)


def test_a_grid_of_a_thousand_points_is_enough():
    def count_modes(weights, means, stds):
        grid = np.linspace(np.min(means - 3 * stds), np.max(means + 3 * stds), 1000)
        p = norm.pdf(grid[:, None], means, stds) @ np.asarray(weights)
        return int(np.sum((p[1:-1] > p[:-2]) & (p[1:-1] >= p[2:])))

    assert passes_all(EXERCISES["count_modes"], count_modes)


def test_a_constant_beside_the_sums_of_the_responsibilities_never_passes():
    def m_step(x, resp):
        counts = resp.sum(axis=0) + 1e-5
        means = resp.T @ x / counts
        return resp.mean(axis=0), means, jnp.sqrt((resp * (x[:, None] - means) ** 2).sum(axis=0) / counts)

    assert not passes_all(EXERCISES["m_step"], m_step)


def test_a_floor_in_another_library_is_named():
    exercise = EXERCISES["component_log_density"]
    values = {
        case.name: call(lambda x, m, s: norm.logpdf(np.asarray(x)[:, None], m, np.maximum(s, 0.1)), case)
        for case in exercise.cases
    }
    named = name_mistake(exercise, trials_of(exercise, values))

    assert named is not None
    assert named.name == "small_stds_raised"
