"""No right use of keys is called a mistake, whatever is sampled; using a key twice is."""

import importlib

import jax
import pytest

from autograder.exercises import Exercise
from autograder.notebooks import answers
from autograder.student.selfcheck.keys import reuses
from autograder.student.selfcheck.probes import Keys
from autograder.student.selfcheck.rules.draws import FreshKeys
from autograder.student.selfcheck.values import argument
from tests.autograder.exercises.judging import exercises
from tests.autograder.exercises.ways_with_keys import WAYS, vmap_of_scan

SAMPLERS = [
    (name, exercise)
    for name in ("bayesian_gmm", "gibbs_sampling", "coffee", "dpmm")
    for exercise in exercises(name)
    if any(isinstance(exercise.rule_of(case), FreshKeys) for case in exercise.cases)
]
SLOW = ("importance_sampling", "gibbs", "fit_coffee", "dpmm")  # slow to trace

each_sampler = pytest.mark.parametrize(
    ("assignment", "exercise"), [pytest.param(*pair, id=pair[1].name) for pair in SAMPLERS]
)


def sampler(assignment: str, exercise: Exercise):
    """The reference as a function of a key, with the other arguments of its check of keys."""
    case = next(case for case in exercise.cases if isinstance(exercise.rule_of(case), FreshKeys))
    key, *rest = map(argument, case.arguments())
    answer = getattr(importlib.import_module(f"reference.{assignment}"), exercise.name)
    return lambda key: answer(key, *rest), key


def test_every_sampler_has_a_check_of_keys():
    assert {exercise.name for _, exercise in SAMPLERS} >= {
        *("simulate_bentos", "importance_sampling", "sample_assignments", "sample_weights", "sample_means"),
        *("sample_stds", "gibbs", "prior_predictive", "fit_coffee", "simulate_crp", "sweep", "dpmm"),
    }


# Without --long: all ways with one sampler, one way with each.
@pytest.mark.parametrize(
    ("assignment", "exercise", "way"),
    [
        pytest.param(
            assignment,
            exercise,
            way,
            id=f"{exercise.name}-{way.__name__}",
            marks=() if exercise.name == "sample_means" or way == vmap_of_scan else pytest.mark.long,
        )
        for assignment, exercise in SAMPLERS
        for way in WAYS
    ],
)
def test_a_right_use_of_keys_is_not_called_a_mistake(assignment: str, exercise: Exercise, way):
    sample, key = sampler(assignment, exercise)

    assert not reuses(lambda key: way(sample, key), key)


@each_sampler
def test_using_a_key_twice_is_called_a_mistake(assignment: str, exercise: Exercise):
    sample, key = sampler(assignment, exercise)
    once = exercise.name in SLOW  # a key that is used twice is found in the first chain

    assert reuses(lambda key: (sample(key), sample(key)), key)
    assert once or reuses(lambda key: jax.lax.map(lambda _: sample(key), jax.numpy.arange(3)), key)


def without_long(assignment: str, exercise: Exercise) -> list[str]:
    """The students whose answers are tried without `--long`."""
    names = answers.names(assignment, exercise.name)
    return names[-1:] if exercise.name in SLOW else names[1::6]


@pytest.mark.parametrize(
    ("assignment", "exercise", "name"),
    [
        pytest.param(
            assignment,
            exercise,
            name,
            id=f"{exercise.name}: {name}",
            marks=() if name in without_long(assignment, exercise) else pytest.mark.long,
        )
        for assignment, exercise in SAMPLERS
        for name in answers.names(assignment, exercise.name)
        if name != answers.REFERENCE
    ],
)
def test_no_right_answer_is_called_a_mistake(assignment: str, exercise: Exercise, name: str):
    case = next(case for case in exercise.cases if isinstance(exercise.rule_of(case), FreshKeys))
    key, *rest = map(argument, case.arguments())
    probe = exercise.aspect_of(case).probe
    if isinstance(probe, Keys) and probe.short:
        rest[-1] = probe.short
    function = answers.answer(assignment, name, exercise.name)

    assert not reuses(lambda key: function(key, *rest), key)
