"""A mistake costs points only once."""

import sys
from types import ModuleType

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import logsumexp, softmax
from scipy.stats import norm

from autograder.exercises import Aspect, Assignment, Exercise, KnownMistake, f32, load
from autograder.exercises.truth import expected
from autograder.grading.follow_through import follows_from, used
from autograder.student.selfcheck.rules.arrays import Arrays, Part
from autograder.student.selfcheck.values import Plain, plain
from tests.autograder.trials import trials_of

EM = load("em")
EXERCISES = {exercise.name: exercise for exercise in EM.exercises if isinstance(exercise, Exercise)}


def mistake(exercise: str, name: str) -> KnownMistake:
    return next(mistake for mistake in EXERCISES[exercise].mistakes if mistake.name == name)


def e_step(x, weights, means, stds):
    joint = np.log(weights) + norm.logpdf(x[:, None], means, stds)
    return softmax(joint, axis=1), logsumexp(joint, axis=1).sum()


def m_step(x, resp):
    counts = resp.sum(axis=0)
    means = x @ resp / counts
    return counts / len(x), means, np.sqrt((resp * (x[:, None] - means) ** 2).sum(axis=0) / counts)


def variances(x, resp):
    weights, means, stds = m_step(x, resp)
    return weights, means, stds**2


def hard(x, weights, means, stds):
    resp, log_likelihood = e_step(x, weights, means, stds)
    return np.eye(len(weights))[resp.argmax(axis=1)], log_likelihood


def lost(e_step, m_step, *, recorded_after: bool = False) -> dict[str, Plain]:
    """What a student's wrong `fit_em` returns if it is built from these steps."""

    def fit_em(x, weights, means, stds, num_iters):
        history = []
        for _ in range(num_iters):
            resp, log_likelihood = e_step(x, weights, means, stds)
            weights, means, stds = m_step(x, resp)
            history.append(e_step(x, weights, means, stds)[1] if recorded_after else log_likelihood)
        return weights, means, stds, np.array(history)

    exercise = EXERCISES["fit_em"]
    with np.errstate(all="ignore"):
        values = {case.name: plain(fit_em(*map(numpy, case.args))) for case in exercise.cases}
    return {
        case.name: values[case.name]
        for case in exercise.cases
        if exercise.rule_of(case).compare(values[case.name], expected(exercise, case))
    }


def numpy(value):
    return np.asarray(value, float) if isinstance(value, np.ndarray) else value


def follows(returned: dict[str, Plain], named: dict[str, KnownMistake]) -> tuple[str, ...]:
    return follows_from(EM, EXERCISES["fit_em"], named, trials_of(EXERCISES["fit_em"], returned))


@pytest.mark.parametrize(
    ("name", "calls"),
    [
        ("fit_em", ["e_step", "m_step"]),
        ("select_num_components", ["e_step", "m_step", "bic"]),
        ("m_step", []),
    ],
)
def test_the_reference_tells_which_exercises_an_answer_calls(name, calls):
    assert [earlier.name for earlier in used(EM, EXERCISES[name])] == calls


def test_the_conditionals_are_what_gibbs_calls():
    assignment = load("gibbs_sampling")
    gibbs = next(earlier for earlier in assignment.exercises if earlier.name == "gibbs")
    assert isinstance(gibbs, Exercise)

    called = {"sample_assignments", "sample_weights", "sample_means", "log_std_density", "sample_stds"}
    assert {earlier.name for earlier in used(assignment, gibbs)} == called


def test_values_that_an_earlier_mistake_explains_follow_from_it():
    named = {"m_step": mistake("m_step", "variance_for_std"), "bic": mistake("bic", "weights_counted_in_full")}
    returned = lost(e_step, variances)
    assert returned

    assert follows(returned, named) == ("m_step",)
    assert follows(returned, {}) == ()


def test_two_mistakes_may_explain_the_values_together():
    named = {"e_step": mistake("e_step", "hard_assignment"), "m_step": mistake("m_step", "variance_for_std")}

    assert follows(lost(hard, variances), named) == ("e_step", "m_step")


def test_a_mistake_in_the_exercise_itself_does_not_follow():
    named = {"m_step": mistake("m_step", "variance_for_std")}

    assert follows(lost(e_step, m_step, recorded_after=True), named) == ()
    assert follows(lost(e_step, variances, recorded_after=True), named) == ()


def test_every_wrong_value_must_follow():
    returned = lost(e_step, variances)
    returned[next(iter(returned))] = plain(np.zeros(3))

    assert follows(returned, {"m_step": mistake("m_step", "variance_for_std")}) == ()


# --- a toy whose reference is made here ---

half = Exercise(
    name="half",
    truth=lambda x: x / 2,
    rule=Arrays((Part("halves", "(N,)"),)),
    aspects=(
        Aspect("any", points=1, hint="Divide.", visible={"three": (f32(1, 2, 3),)}, hidden={}, exception="a test"),
    ),
    mistakes=[
        KnownMistake(name="rounded", says="Rounded.", hint="Do not.", variant=lambda x: np.floor(np.asarray(x) / 2)),
        KnownMistake(name="raises", says="Raises.", hint="Do not.", variant=lambda x: x["half"]),
    ],
)
REFERENCE = """
import jax

def half(x):
    return x / 2

def quarter(x):
    return jax.lax.map(half, half(x))
"""


@pytest.fixture
def toy(monkeypatch) -> Assignment:
    reference = ModuleType("reference.follow_toy")
    exec(REFERENCE, reference.__dict__)
    monkeypatch.setitem(sys.modules, "reference.follow_toy", reference)
    quarter = Exercise(
        name="quarter",
        truth=reference.quarter,
        rule=half.rule,
        aspects=(
            Aspect("any", points=1, hint="Twice.", visible={"three": (f32(1, 2, 3),)}, hidden={}, exception="a test"),
        ),
    )
    return Assignment(name="follow_toy", title="Toy", exercises=(half, quarter))


@pytest.mark.parametrize(
    ("number", "returned", "found"), [(0, [0, 0, 0], ("half",)), (0, [0.25, 0.5, 0.8], ()), (1, [0, 0, 0], ())]
)
def test_a_mistake_in_numpy_is_followed_where_the_reference_is_traced(toy, number, returned, found):
    quarter = toy.exercises[1]
    assert isinstance(quarter, Exercise)
    value = plain(jnp.array(returned, jnp.float32))

    trials = trials_of(quarter, {"three": value})
    assert follows_from(toy, quarter, {"half": half.mistakes[number]}, trials) == found


def test_an_assignment_without_a_reference_has_nothing_to_follow():
    other = Assignment(name="no_such", title="Toy", exercises=(half,))

    assert used(other, half) == ()
