"""The arguments of statistical cases: fresh keys, float32, reproducible, drawn from the right distribution."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from autograder.commands.audit import trials
from autograder.exercises import (
    Aspect,
    Case,
    Emissions,
    Exercise,
    Key,
    Seeded,
    datasets,
    distributions,
    f32,
    keyed,
)
from autograder.exercises.datasets import GRAMS, OVERLAP, THREE, TINY
from autograder.paths import ASSIGNMENTS
from autograder.student.selfcheck.rules.conditional import Conditional
from autograder.student.selfcheck.values import leaves
from tests.autograder.exercises.judging import exercises

SETS = {"overlap": OVERLAP, "grams": GRAMS, "tiny": TINY, "three": THREE}
MAKERS: dict[str, Seeded] = {
    "assignments": datasets.in_sweep_assignments(OVERLAP, count=300),
    "weights": datasets.in_sweep_weights(TINY, count=300),
    "means": datasets.in_sweep_means(THREE, count=300),
    "stds": datasets.in_sweep_stds(GRAMS, count=300),
    "exact stds": datasets.from_exact_stds(
        OVERLAP.x, np.array([0, 0, 1, 0, 1, 1, 1, 1]), f32(-1, 2), f32(3, 2), f32(2, 0.8), count=300
    ),
}
SEEDED = [
    pytest.param(exercise, case, id=f"{exercise.name}: {case.name}")
    for name in ASSIGNMENTS
    for exercise in exercises(name)
    for case in exercise.cases
    if case.seeded
]


def drawn(args: tuple[Any, ...]) -> list[np.ndarray]:
    """The arguments that have a row for each draw."""
    return [item for item in args if isinstance(item, np.ndarray) and item.ndim == 2]


# --- data sets ---


@pytest.mark.parametrize("name", SETS)
def test_a_data_set_is_float32_and_no_prior_is_1(name):
    data = SETS[name]

    for array in (data.x, *data.prior):
        assert array.dtype == np.float32
    assert {len(row) for row in data.prior} == {len(data.prior.alpha)}
    for row in (data.prior.alpha, data.prior.scale, data.prior.shape, data.prior.rate):
        assert not np.any(row == 1)
        assert len(set(row.tolist())) == len(row)


@pytest.mark.parametrize("name", SETS)
def test_draws_are_float32_the_same_every_time_and_different_under_other_seeds(name):
    data = SETS[name]
    first, again, other = data.draws(5, 50), data.draws(5, 50), data.draws(6, 50)
    k = len(data.prior.alpha)

    assert [array.dtype for array in first] == [np.float32] * 3 + [np.int32]
    assert [array.shape for array in first] == [(50, k)] * 3 + [(50, len(data.x))]
    for value, same, different in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(value, same)
        assert not np.array_equal(value, different)


# --- keys ---


def test_keyed_arguments_differ_only_in_their_key():
    make = keyed(f32(1, 2), 500)

    assert make(7) == (Key(7), *make(8)[1:])
    assert make(8)[0] == Key(8)
    assert make(8)[1] is make(7)[1]


def test_seeds_come_from_the_names_of_exercise_and_case():
    def case(exercise: str, name: str) -> Case:
        aspect = Aspect("draws", points=1, hint="", visible={name: keyed()}, hidden={f"not {name}": keyed()})
        return Exercise(exercise, truth=abs, rule=Emissions(("a", "b")), aspects=(aspect,)).cases[0]

    value, again = case("roll", "a die"), case("roll", "a die")
    others = [case("roll", "two dice"), case("toss", "a die"), value]

    assert value.arguments(3) == again.arguments(3)
    assert len({other.arguments(attempt) for other in others for attempt in range(100)}) == 300


def test_no_two_cases_and_no_two_seeds_share_a_key():
    cases: list[Case] = [parameter.values[1] for parameter in SEEDED]  # type: ignore[misc]
    keys = [case.arguments(seed)[0] for case in cases for seed in range(case.seeds)]

    assert len(keys) == 2 * len(cases) > 80
    assert len(set(keys)) == len(keys)
    # This must hold for as many seeds as an audit uses, although JAX's keys have 32 bits.
    firsts = sorted(case.arguments(0)[0].seed for case in cases)
    assert all(later - earlier >= 20_000 for earlier, later in pairwise(firsts))
    assert all(0 <= case.arguments(attempt)[0].seed < 2**31 for case in cases for attempt in (0, trials.SEED, 2**31))
    assert trials.SEED > 1


@pytest.mark.parametrize(("exercise", "case"), SEEDED)
def test_a_seeded_case_has_float32_arguments_and_is_tried_twice(exercise: Exercise, case: Case):
    assert case.seeds == 2
    key, *rest = case.arguments(0)
    assert isinstance(key, Key)
    for item in leaves(tuple(rest)):
        assert isinstance(item, (int, np.ndarray)) or item == np.float32(item)
        if isinstance(item, np.ndarray):
            assert item.dtype in (np.float32, np.int32)
            assert np.all(np.isfinite(item))
    again = case.arguments(0)
    for made, same in zip(drawn(case.arguments(0)), drawn(again), strict=True):
        np.testing.assert_array_equal(made, same)


# --- arguments that differ from draw to draw ---


@pytest.mark.parametrize("kind", MAKERS)
def test_drawn_arguments_are_the_same_every_time_and_different_under_other_seeds(kind):
    make = MAKERS[kind]
    first, again, other = make(0), make(0), make(1)

    assert len({args[0] for args in (first, other)}) == 2
    assert drawn(first)
    for value, same, different in zip(*map(drawn, (first, again, other)), strict=True):
        assert value.dtype in (np.float32, np.int32)
        assert len(value) == 300
        np.testing.assert_array_equal(value, same)
        assert not np.array_equal(value, different)


@pytest.mark.parametrize("seed", [0, 1])
def test_the_sigmas_before_a_step_follow_the_distribution_that_it_must_leave_unchanged(seed):
    args = datasets.from_exact_stds(THREE.x, np.array([0, 2, 2, 1, 2, 0]), f32(-1, 0.5, 2), *THREE.prior[3:])(seed)
    sigma = args[4]

    assert sigma.shape == (4000, 3)
    assert Conditional("tabulated", "sigma").compare(sigma, distributions.stds(*args)) is None
    assert Conditional("tabulated", "sigma").compare(sigma[:, ::-1], distributions.stds(*args)) is not None


@pytest.mark.parametrize("name", SETS)
def test_the_sigmas_of_a_sweep_follow_the_distribution_that_a_step_must_leave_unchanged(name):
    args = datasets.in_sweep_stds(SETS[name])(0)

    assert Conditional("tabulated", "sigma").compare(args[4], distributions.stds(*args)) is None
