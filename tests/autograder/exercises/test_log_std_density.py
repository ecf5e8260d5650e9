"""The density of log sigma up to a constant: any constant passes, in any style; nothing else does."""

import jax.numpy as jnp
import numpy as np
import pytest

from autograder.exercises import UpToConstant
from autograder.exercises.gibbs_sampling.log_std_density import LOG_STD_DENSITY as EXERCISE
from autograder.exercises.truth import expected
from tests.autograder.exercises.judging import distance
from tests.autograder.exercises.outside import outside

ROOM = 1 / 3  # the largest share of the tolerance that a right answer may use


def returned(function, case):
    return EXERCISE.aspect_of(case).probe(function, case.args)


def formula(u, count, squares, shape, rate):
    return (shape - count) * u - rate * jnp.exp(u) - squares / 2 * jnp.exp(-2 * u)


@pytest.mark.parametrize(
    "answer",
    [answer for answer in outside("right", "gibbs_sampling") if answer.exercise is EXERCISE],
    ids=lambda answer: answer.name,
)
def test_an_answer_by_others_passes(answer):
    for case in EXERCISE.cases:
        assert distance(EXERCISE, returned(answer.function, case), case) <= ROOM, case.name


@pytest.mark.parametrize("constant", [-1000.0, 0.0, 0.9189, 1e4])
def test_a_constant_may_be_added(constant):
    for case in EXERCISE.cases:
        value = returned(lambda *args: np.asarray(formula(*args), np.float64) + constant, case)
        assert EXERCISE.rule.compare(value, expected(EXERCISE, case)) is None


@pytest.mark.parametrize("slope", [0.01, -1.0])
def test_a_term_that_depends_on_u_may_not_be_added(slope):
    for case in EXERCISE.cases:
        value = returned(lambda u, *rest: formula(u, *rest) + slope * u, case)
        assert EXERCISE.rule.compare(value, expected(EXERCISE, case)) is not None


def test_constants_and_memorised_answers_earn_nothing():
    memory = {len(case.args[0]): expected(EXERCISE, case) for case in EXERCISE.cases if case.visible}
    cheats = [lambda u, *_: 0 * u, lambda u, *_: u, lambda u, *_: memory.get(len(u), 0 * u)]
    for cheat in cheats:
        for aspect in EXERCISE.aspects:
            wrong = [EXERCISE.rule.compare(returned(cheat, case), expected(EXERCISE, case)) for case in aspect.cases]
            assert any(wrong)


def test_a_value_that_is_not_an_array_stays_unchanged():
    u = np.array([0.0, 1.0], np.float32)

    def tried(function):
        return UpToConstant()(function, (u,))

    assert tried(lambda u: None) is None
    assert np.all(np.isnan(np.asarray(tried(lambda u: u * np.nan))))
    assert np.asarray(tried(lambda u: u[:0])).shape == (0,)
    assert np.array_equal(np.asarray(tried(lambda u: [3, 5])), [0, 2])
