"""Naming a mistake that was made in JAX, as students make it, not in the NumPy of the known variants."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.scipy.special import logsumexp
from jax.scipy.stats import norm

from autograder.exercises import Exercise, load
from autograder.exercises.truth import expected
from autograder.grading.diagnosis import name_mistake
from autograder.student.selfcheck.values import Plain, plain
from reference import categorization, em
from tests.autograder.trials import trials_of


def find(name: str) -> Exercise:
    every = [exercise for assignment in ("categorization", "em") for exercise in load(assignment).exercises]
    [exercise] = [exercise for exercise in every if exercise.name == name]
    assert isinstance(exercise, Exercise)
    return exercise


def answers(exercise: Exercise, function) -> dict[str, Plain]:
    return {
        case.name: plain(function(*(jnp.asarray(arg) if isinstance(arg, np.ndarray) else arg for arg in case.args)))
        for case in exercise.cases
    }


def exponentiated_first(x, weights, means, stds):
    joint = weights * norm.pdf(x[:, None], means, stds)
    return joint / joint.sum(axis=1, keepdims=True)


def constant_added(x, weights, means, stds):
    joint = weights * norm.pdf(x[:, None], means, stds) + 1e-12
    return joint / joint.sum(axis=1, keepdims=True)


def variances_returned(x, resp):
    weights, means, stds = em.m_step(x, resp)
    return weights, means, stds**2


def mean_log_likelihood(x, weights, means, stds):
    resp, log_likelihood = em.e_step(x, weights, means, stds)
    return resp, log_likelihood / len(x)


def stds_kept(x, weights, means, stds, num_iters):
    history = []
    for _ in range(num_iters):
        resp, log_likelihood = em.e_step(x, weights, means, stds)
        history.append(log_likelihood)
        weights, means, _ = em.m_step(x, resp)
    return weights, means, stds, history


def recorded_after(x, weights, means, stds, num_iters):
    history = []
    for _ in range(num_iters):
        weights, means, stds = em.m_step(x, em.e_step(x, weights, means, stds)[0])
        history.append(em.e_step(x, weights, means, stds)[1])
    return weights, means, stds, jnp.array(history)


def unbiased(x, z, num_components):
    groups = [x[z == k] for k in range(num_components)]
    with np.errstate(all="ignore"):
        stds = [jnp.sqrt(jnp.sum((group - group.mean()) ** 2) / jnp.float32(len(group) - 1)) for group in groups]
    return [len(group) / len(x) for group in groups], [group.mean() for group in groups], stds


MADE_IN_JAX = [
    ("component_log_density", "log_of_underflowed_density", lambda x, m, s: jnp.log(norm.pdf(x[:, None], m, s))),
    ("component_log_density", "std_as_variance", lambda x, m, s: norm.logpdf(x[:, None], m, jnp.sqrt(s))),
    ("component_log_density", "transposed", lambda x, m, s: categorization.component_log_density(x, m, s).T),
    ("responsibilities", "exponentiated_first", exponentiated_first),
    ("responsibilities", "small_constant_added", constant_added),
    ("responsibilities", "weights_ignored", lambda x, w, m, s: jax.nn.softmax(norm.logpdf(x[:, None], m, s), axis=1)),
    ("marginal_density", "weights_ignored", lambda x, w, m, s: norm.pdf(x[:, None], m, s).sum(axis=1)),
    ("decision_boundaries", "midpoint_of_means", lambda w, m, s: [(m[0] + m[1]) / 2]),
    ("count_modes", "components_for_modes", lambda w, m, s: 2),
    ("labelled_mle", "divided_by_count_minus_1", unbiased),
    ("e_step", "mean_log_likelihood", mean_log_likelihood),
    ("m_step", "variance_for_std", variances_returned),
    ("fit_em", "stds_never_updated", stds_kept),
    ("fit_em", "recorded_after_iteration", recorded_after),
    ("bic", "aic_for_bic", lambda ll, k, n: 2 * (3 * k - 1) - 2 * ll),
    ("select_num_components", "no_penalty", lambda key, x, candidates: max(candidates)),
    (
        "anomaly_score",
        "exponentiated_first",
        lambda x, w, m, s: -jnp.log(jnp.sum(w * norm.pdf(x[:, None], m, s), axis=1)),
    ),
    (
        "anomaly_score",
        "sign",
        lambda x, w, m, s: logsumexp(jnp.log(w) + norm.logpdf(x[:, None], m, s), axis=1),
    ),
]


@pytest.mark.parametrize(
    ("exercise_name", "mistake_name", "function"),
    [
        pytest.param(
            *made,
            id=f"{made[0]}: {made[1]}",
            marks=() if made[0] in ("e_step", "labelled_mle", "component_log_density") else pytest.mark.long,
        )
        for made in MADE_IN_JAX
    ],
)
def test_a_mistake_made_in_jax_is_named(exercise_name, mistake_name, function):
    exercise = find(exercise_name)
    mistake = name_mistake(exercise, trials_of(exercise, answers(exercise, function)))

    assert mistake is not None
    assert mistake.name == mistake_name


def test_a_right_answer_has_no_mistake():
    exercise = find("e_step")

    assert (
        name_mistake(exercise, trials_of(exercise, {case.name: expected(exercise, case) for case in exercise.cases}))
        is None
    )


def test_an_unknown_mistake_has_no_name():
    exercise = find("m_step")

    assert (
        name_mistake(
            exercise, trials_of(exercise, answers(exercise, lambda x, resp: (resp.mean(axis=0), x[:2], x[2:4])))
        )
        is None
    )


def test_a_mistake_is_named_by_the_cases_that_came_back():
    exercise = find("m_step")
    returned = answers(exercise, variances_returned)
    some = dict(list(returned.items())[:4])
    mistake = name_mistake(exercise, trials_of(exercise, some))

    assert mistake is not None
    assert mistake.name == "variance_for_std"


def test_no_mistake_is_named_if_several_explain_the_answer():
    """For points of one group, of 3, 4 and 1 components, 4 has both the highest likelihood and the highest BIC."""
    exercise = find("select_num_components")

    assert name_mistake(exercise, trials_of(exercise, {"a single group": np.array(4)})) is None


def test_no_mistake_is_named_if_nothing_came_back():
    assert name_mistake(find("m_step"), trials_of(find("m_step"), {})) is None
