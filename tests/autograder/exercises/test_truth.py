from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy

from autograder import machine
from autograder.exercises import Aspect, Exercise, KnownMistake, cache, f32, load
from autograder.exercises.truth import MAX_MAPPINGS, expected, keep, make_room, mistaken, prepare
from autograder.student.selfcheck.rules.arrays import Arrays, Part
from autograder.student.selfcheck.values import Key


def exercise(truth) -> Exercise:
    return Exercise(
        name="toy",
        truth=truth,
        rule=Arrays((Part("value", "()"),)),
        aspects=(Aspect("all", points=1, hint="", visible={}, hidden=HIDDEN, exception="a test"),),
    )


HIDDEN = {
    "a number": (f32(0.1),),
    "many kinds": (np.array([0, 1]), Key(3), (1, 2), 5),
    "three": (f32(1, 2, 3),),
    "deep": (f32(-705),),
    "fine": (f32(1),),
    "zero": (f32(0),),
    "two": (f32(1, 2),),
    "random": lambda seed: (Key(seed), {"x": f32(seed % 1000)}),
}
NUMBER, KINDS, THREE, DEEP, *SMALL, RANDOM = exercise(np.square).cases


def mistake(variant) -> KnownMistake:
    return KnownMistake(name="wrong", says="It is wrong.", hint="Why?", variant=variant)


def test_the_truth_is_computed_in_64_bits_from_the_32_bit_numbers():
    value = expected(exercise(jnp.square), NUMBER)

    assert isinstance(value, np.ndarray)
    assert value.dtype == np.float64
    assert value[0] == float(np.float32(0.1)) ** 2
    assert not jax.config.read("jax_enable_x64")


def test_integers_keys_and_tuples_reach_the_truth_as_they_are():
    seen = []
    expected(exercise(lambda *args: seen.extend(args) or 0), KINDS)
    labels, key, candidates, number = seen

    assert labels.dtype.kind == "i"
    assert jnp.array_equal(jax.random.key_data(key), jax.random.key_data(jax.random.key(3)))
    assert (candidates, number) == ((1, 2), 5)


def test_several_values_come_back_as_a_tuple():
    value = expected(exercise(lambda x: (x[:2], x.sum())), THREE)

    assert isinstance(value, tuple)
    assert [getattr(item, "shape", None) for item in value] == [(2,), ()]


def test_the_reference_in_64_bits_agrees_with_scipy_at_425_grams():
    [score] = [item for item in load("em").exercises if item.name == "anomaly_score"]
    assert isinstance(score, Exercise)
    [bentos] = [item for item in score.cases if item.name == "bentos, one of them 425 g"]
    x, weights, means, stds = (arg.astype(float) for arg in bentos.args)
    logs = scipy.stats.norm.logpdf(x[:, None], means, stds)

    np.testing.assert_allclose(
        np.asarray(expected(score, bentos)), -scipy.special.logsumexp(logs, b=weights, axis=1), rtol=1e-14
    )


def test_a_mistake_is_made_in_float32():
    values = mistaken(exercise(np.exp), mistake(jnp.exp), [DEEP])

    assert np.asarray(values["deep"]).dtype == np.float32
    assert np.asarray(values["deep"])[0] == 0


def test_a_mistake_may_fail_or_overflow_without_harm():
    values = mistaken(exercise(np.exp), mistake(lambda x: 1 / np.asarray(x) if len(x) == 1 else x.no_such()), SMALL)

    assert set(values) == {"fine", "zero"}
    assert np.isinf(np.asarray(values["zero"]))


def test_a_value_is_computed_once():
    calls = []
    counted = exercise(lambda x: calls.append(1) or x)
    wrong = mistake(lambda x: calls.append(1) or x)

    for _ in range(3):
        expected(counted, NUMBER)
        mistaken(counted, wrong, [NUMBER])
    assert len(calls) == 2


def test_each_seed_has_its_own_truth():
    summed = exercise(lambda key, given: given["x"].sum())

    first, second = (float(np.asarray(expected(summed, RANDOM, seed))) for seed in (0, 1))
    assert (first + 1) % 1000 == second


@pytest.fixture
def empty_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(cache, "user_cache_path", lambda name: tmp_path / name)
    monkeypatch.setattr(cache, "SHIPPED", tmp_path / "shipped")
    monkeypatch.setattr("autograder.exercises.truth._values", {})
    monkeypatch.setattr("autograder.exercises.truth._on_disk", {})


def test_cached_values_are_not_computed_again(empty_cache, monkeypatch):
    assignment = load("categorization")
    exercise = next(exercise for exercise in assignment.exercises if isinstance(exercise, Exercise))
    prepare(assignment)
    computed = {case.name: expected(exercise, case) for case in exercise.cases}
    keep(assignment)
    monkeypatch.setattr("autograder.exercises.truth._values", {})
    monkeypatch.setattr("autograder.exercises.truth._on_disk", {})
    monkeypatch.setattr("autograder.exercises.truth.compute", lambda *args: pytest.fail("it is computed again"))

    prepare(assignment)

    for case in exercise.cases:
        np.testing.assert_equal(expected(exercise, case), computed[case.name])


def test_a_mistake_without_a_value_is_cached_too(empty_cache, monkeypatch):
    assignment = load("categorization")
    exercise = next(exercise for exercise in assignment.exercises if isinstance(exercise, Exercise))
    calls: list[int] = []
    raising = replace(exercise.mistakes[0], variant=lambda *args: calls.append(1) or 1 / 0)
    changed = replace(exercise, mistakes=(raising,))
    monkeypatch.setattr("autograder.exercises.truth.load", lambda name: altered)
    altered = replace(assignment, exercises=(changed,))
    assert mistaken(changed, raising, changed.cases) == {}
    keep(altered)
    monkeypatch.setattr("autograder.exercises.truth._values", {})
    monkeypatch.setattr("autograder.exercises.truth._on_disk", {})

    prepare(altered)

    assert mistaken(changed, raising, changed.cases) == {}
    assert len(calls) == len(changed.cases)


def test_an_assignment_outside_the_kit_is_not_cached(empty_cache):
    own = replace(load("categorization"), title="another")
    exercise = next(exercise for exercise in own.exercises if isinstance(exercise, Exercise))
    expected(exercise, exercise.cases[0])

    keep(own)

    assert cache.read("categorization") == {}


@pytest.mark.long
def test_compiled_programs_are_cleared_if_there_are_many(monkeypatch):
    traced = []

    @jax.jit
    def double(x):
        traced.append(x)
        return 2 * x

    for mappings, times in ((0, 1), (MAX_MAPPINGS, 1), (MAX_MAPPINGS + 1, 2)):
        double(1.0)
        monkeypatch.setattr(machine, "mappings", lambda: mappings)  # noqa: B023
        make_room()
        double(1.0)
        assert len(traced) == times
