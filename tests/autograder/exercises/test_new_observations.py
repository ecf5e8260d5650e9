"""`assignment_probabilities`: right answers keep their points in every style; public cases name wrong ones."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy
from jax.scipy.stats import norm

from autograder.exercises import Case, KnownMistake
from autograder.exercises.gibbs_sampling.assignment_probabilities import ASSIGNMENT_PROBABILITIES as EXERCISE
from autograder.exercises.truth import mistaken
from autograder.grading.diagnosis import name_mistake
from tests.autograder.exercises.judging import distance, earned
from tests.autograder.trials import trials_of

ROOM = 1 / 3


def loops(samples, x_new):
    rows = []
    for x in np.asarray(x_new, float):
        logs = []
        for s in range(len(samples["mu"])):
            pi, mu, sigma = (np.asarray(samples[name][s], float) for name in ("pi", "mu", "sigma"))
            weight = float(samples["log_weights"][s]) if "log_weights" in samples else 0.0
            logs.append(weight + np.log(pi) - np.log(sigma) - (x - mu) ** 2 / (2 * sigma**2))
        highest = max(np.max(log) for log in logs)
        joint = sum(np.exp(log - highest) for log in logs)
        rows.append(joint / np.sum(joint))
    return [list(map(float, row)) for row in rows]


def single_precision(samples, x_new):
    pi, mu, sigma = (np.asarray(samples[name], np.float32) for name in ("pi", "mu", "sigma"))
    logs = np.log(pi) - np.log(sigma) - ((x_new[:, None, None] - mu) / sigma) ** 2 / np.float32(2)
    if "log_weights" in samples:
        logs = logs + np.asarray(samples["log_weights"], np.float32)[:, None]
    joint = np.exp(logs - logs.max(axis=(1, 2), keepdims=True)).sum(axis=1)
    return joint / joint.sum(axis=1, keepdims=True)


def draws_weighted_by_what_they_explain(samples, x_new):
    joint = jnp.log(samples["pi"]) + norm.logpdf(x_new[:, None, None], samples["mu"], samples["sigma"])
    weights = jax.nn.softmax(samples.get("log_weights", 0.0) + jax.nn.logsumexp(joint, axis=2), axis=1)
    return jnp.einsum("ms,msk->mk", weights, jax.nn.softmax(joint, axis=2))


def scipys_logsumexp(samples, x_new):
    joint = scipy.stats.norm.logpdf(np.asarray(x_new, float)[:, None, None], samples["mu"], samples["sigma"])
    weights = scipy.special.softmax(np.asarray(samples.get("log_weights", np.zeros(len(samples["mu"]))), float))
    logs = scipy.special.logsumexp(joint, axis=1, b=weights[:, None] * np.asarray(samples["pi"]))
    return scipy.special.softmax(logs, axis=1)


@jax.jit
def mapped(samples, x_new):
    def log(x):
        log_weights = samples["log_weights"] if "log_weights" in samples else jnp.zeros(len(samples["mu"]))
        density = norm.logpdf(x, samples["mu"], samples["sigma"]) + jnp.log(samples["pi"])
        return jax.nn.logsumexp(density + log_weights[:, None], axis=0)

    logs = jax.vmap(log)(x_new)
    return jnp.exp(logs - jax.nn.logsumexp(logs, axis=1, keepdims=True))


def one_long_list_of_components(samples, x_new):
    """Treat the components of all draws as a single mixture."""
    num_components = samples["mu"].shape[1]
    log_weights = jax.nn.log_softmax(samples.get("log_weights", jnp.zeros(len(samples["mu"]))))
    weights = (log_weights[:, None] + jnp.log(samples["pi"])).ravel()
    resp = jax.nn.softmax(
        weights + norm.logpdf(x_new[:, None], samples["mu"].ravel(), samples["sigma"].ravel()), axis=1
    )
    return resp.reshape(len(x_new), -1, num_components).sum(axis=1)


STYLES = (
    loops,
    single_precision,
    draws_weighted_by_what_they_explain,
    scipys_logsumexp,
    mapped,
    one_long_list_of_components,
)


def returned(function: Callable[..., Any], cases: tuple[Case, ...]) -> dict[str, Any]:
    return {case.name: EXERCISE.aspect_of(case).probe(function, case.args) for case in cases}


# Others than those with --long only: in Python, in float32, in JAX, in SciPy.
REPEATED = (mapped, one_long_list_of_components, draws_weighted_by_what_they_explain)


@pytest.mark.parametrize(
    "style",
    [pytest.param(style, marks=pytest.mark.long if style in REPEATED else ()) for style in STYLES],
)
def test_a_right_answer_passes_with_room_to_spare(style: Callable[..., Any]):
    values = returned(style, EXERCISE.cases)

    assert max(distance(EXERCISE, np.asarray(values[case.name]), case) for case in EXERCISE.cases) < ROOM
    assert earned(EXERCISE, values) == [aspect.name for aspect in EXERCISE.aspects]
    assert name_mistake(EXERCISE, trials_of(EXERCISE, values)) is None


@pytest.mark.parametrize("mistake", EXERCISE.mistakes, ids=lambda mistake: mistake.name)
def test_a_mistake_is_named_from_the_public_cases_alone(mistake: KnownMistake):
    public = [case for case in EXERCISE.cases if case.visible]

    named = name_mistake(EXERCISE, trials_of(EXERCISE, mistaken(EXERCISE, mistake, public)))
    assert named is not None
    assert named.mistakes == (mistake,)


@pytest.mark.parametrize("mistake", EXERCISE.mistakes, ids=lambda mistake: mistake.name)
def test_a_mistake_that_costs_points_is_clear(mistake: KnownMistake):
    values = mistaken(EXERCISE, mistake, EXERCISE.cases)

    lost = [aspect for aspect in EXERCISE.aspects if aspect.name not in earned(EXERCISE, values)]
    assert lost
    for aspect in lost:
        assert max(distance(EXERCISE, values[case.name], case) for case in aspect.cases) > 100
    if mistake.name == "exponentiated_first":
        assert [aspect.name for aspect in lost] == ["far from every mean"]
