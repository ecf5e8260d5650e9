import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from autograder.exercises import Exercise, load
from autograder.paths import ASSIGNMENTS
from autograder.student.selfcheck import codec
from autograder.student.selfcheck.probes import PROBES, Assess, Call, Chains, Draws, Keys, Sample, Simulate, Steps
from autograder.student.selfcheck.rules import RULES
from autograder.student.selfcheck.rules.arrays import EXACT, STEP, Arrays, Named, Part
from autograder.student.selfcheck.rules.conditional import Conditional
from autograder.student.selfcheck.rules.drawings import Curves, Points
from autograder.student.selfcheck.rules.draws import Emissions, PlausiblePriors
from autograder.student.selfcheck.values import Base, Key, Opaque, Prior

EXERCISES = [exercise for name in ASSIGNMENTS for exercise in load(name).exercises if isinstance(exercise, Exercise)]
ASPECTS = [
    pytest.param(exercise, aspect, id=f"{exercise.name}: {aspect.name}")
    for exercise in EXERCISES
    for aspect in exercise.aspects
]

arrays = hnp.arrays(
    st.sampled_from([np.float32, np.float64, np.int32, np.bool_]), hnp.array_shapes(min_dims=0, max_dims=3, min_side=0)
)


@given(arrays)
def test_an_array_survives_the_round_trip_through_strict_json(array):
    text = json.dumps(codec.encode(array), allow_nan=False)

    decoded = codec.decode(json.loads(text))

    assert decoded.dtype == array.dtype
    np.testing.assert_array_equal(decoded, array.reshape(decoded.shape))
    # Nested lists do not tell the lengths after a length of 0.
    assert decoded.size == array.size


@pytest.mark.parametrize(
    "value",
    [None, True, 3, 2.5, "text", (1, (2, 3)), {"a": 1, "b": (1.5,)}, Key(7), Opaque("set")],
    ids=repr,
)
def test_every_other_value_survives_the_round_trip(value):
    assert codec.decode(json.loads(json.dumps(codec.encode(value), allow_nan=False))) == value


def test_an_infinite_float_is_written():
    assert codec.decode(json.loads(json.dumps(codec.encode(float("-inf")), allow_nan=False))) == -np.inf


def test_an_unknown_type_is_refused():
    with pytest.raises(TypeError, match="cannot write a set"):
        codec.encode({1, 2})


@pytest.mark.parametrize(
    "rule",
    [
        Arrays((Part("resp", "(N, K)", STEP), Part("log_likelihood", "()", EXACT))),
        Curves(),
        Curves(10, 0.5),
        Named((Part("pi", "(S, K)"),)),
        Points(0.5, 0.25),
        Conditional("normal", "mu"),
        Emissions(("weights", "components")),
        PlausiblePriors(50, 200, 3.0, 0.25),
    ],
    ids=lambda rule: type(rule).__name__,
)
def test_a_rule_survives_the_round_trip(rule):
    assert rule_again(rule) == rule


@pytest.mark.parametrize(
    "probe",
    [Call(), Draws(10, 5, (1, 3)), Chains(2), Steps(3, 7, 20, 2), Sample(), Keys(2, 50, 3), Assess(), Simulate(30)],
    ids=repr,
)
def test_a_probe_survives_the_round_trip(probe):
    again = probe_again(probe)

    assert again == probe
    assert hash(again) == hash(probe)


@pytest.mark.parametrize(("exercise", "aspect"), ASPECTS)
def test_every_rule_and_probe_of_the_course_survives_the_round_trip(exercise, aspect):
    rule = aspect.rule or exercise.rule

    assert rule_again(rule) == rule
    assert probe_again(aspect.probe) == aspect.probe


def test_every_kind_of_rule_and_probe_is_in_use():
    rules = {type(aspect.rule or exercise.rule) for exercise in EXERCISES for aspect in exercise.aspects}

    assert rules == set(RULES.values())
    assert {type(aspect.probe) for exercise in EXERCISES for aspect in exercise.aspects} == set(PROBES.values())


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_the_arguments_of_every_visible_case_survive(exercise):
    for case in exercise.cases:
        if case.visible:
            for seed in range(case.seeds):
                args = case.arguments(seed)
                assert_same(codec.decode(json.loads(json.dumps(codec.encode(args), allow_nan=False))), args)


def test_priors_stay_priors():
    prior = Prior(*(np.array([1.5, np.inf], np.float32) + i for i in range(5)))
    decoded = codec.decode(json.loads(json.dumps(codec.encode((Key(1), prior, 3)), allow_nan=False)))

    assert_same(decoded, (Key(1), prior, 3))
    assert decoded[1].rate.dtype == np.float32


def test_a_base_stays_a_base():
    decoded = codec.decode(json.loads(json.dumps(codec.encode((Base(400.0, 0.25, 2, 8.5), 1)), allow_nan=False)))

    assert decoded == (Base(400.0, 0.25, 2, 8.5), 1)
    assert type(decoded[0]) is Base


def rule_again(rule):
    return codec.decode_rule(json.loads(json.dumps(codec.encode_rule(rule), allow_nan=False)))


def probe_again(probe):
    return codec.decode_probe(json.loads(json.dumps(codec.encode_probe(probe), allow_nan=False)))


def assert_same(first, second):
    assert type(first) is type(second)
    if isinstance(second, np.ndarray):
        assert first.dtype == second.dtype
        np.testing.assert_array_equal(first, second)
    elif isinstance(second, dict):
        assert list(first) == list(second)
        assert_same(tuple(first.values()), tuple(second.values()))
    elif isinstance(second, tuple) and not isinstance(second, Key):
        assert len(first) == len(second)
        for item, same in zip(first, second, strict=True):
            assert_same(item, same)
    else:
        assert first == second
