"""The form of every assignment: what the contract and the gradebook rely on."""

from itertools import combinations

import numpy as np
import pytest

from autograder.beside.selfcheck.values import Key
from autograder.exercises import ASSIGNMENTS, Case, Exercise, Written, load

from .judging import exercises

POINTS = {
    "categorization": {
        "component_log_density": 3,
        "responsibilities": 5,
        "marginal_density": 3,
        "decision_boundaries": 5,
        "count_modes": 4,
        "plot_mixture": 4,
        "written_categorization": 6,
    },
    "em": {
        "labelled_mle": 3,
        "e_step": 5,
        "m_step": 5,
        "fit_em": 6,
        "bic": 2,
        "select_num_components": 5,
        "anomaly_score": 3,
        "written_em": 6,
    },
}

each_exercise = pytest.mark.parametrize("exercise", exercises(*ASSIGNMENTS), ids=lambda exercise: exercise.name)


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_exercises_come_in_the_order_of_the_contract_with_their_points(name):
    assignment = load(name)

    assert [(exercise.name, exercise.points) for exercise in assignment.exercises] == list(POINTS[name].items())
    assert assignment.points == {"categorization": 30, "em": 35}[name]
    assert isinstance(assignment.exercises[-1], Written)


def test_an_unknown_assignment_is_told_with_those_there_are():
    with pytest.raises(KeyError, match="there are: categorization, em"):
        load("tea")


@each_exercise
def test_names_are_unique(exercise: Exercise):
    for named in (exercise.aspects, exercise.cases, exercise.misconceptions):
        names = [item.name for item in named]
        assert len(set(names)) == len(names)


@each_exercise
def test_every_aspect_has_points_a_hint_and_two_hidden_cases(exercise: Exercise):
    for aspect in exercise.aspects:
        assert aspect.points > 0
        assert aspect.hint.endswith((".", "?"))
        assert sum(not case.visible for case in aspect.cases) >= 2
    assert any(case.visible for case in exercise.cases)


@each_exercise
def test_no_case_repeats_another(exercise: Exercise):
    for one, other in combinations(exercise.cases, 2):
        assert not _same(one, other), f"{one.name} is {other.name}"


@each_exercise
def test_numbers_are_exact_in_float32_and_few(exercise: Exercise):
    for case in exercise.cases:
        for arg in case.args:
            if isinstance(arg, np.ndarray):
                assert arg.dtype == np.float32 or arg.dtype.kind == "i"
                assert np.all(np.isfinite(arg))
                assert arg.size <= 60
            else:
                assert isinstance(arg, (int, float, tuple, Key))
                assert not isinstance(arg, float) or float(np.float32(arg)) == arg


@each_exercise
def test_a_mistake_is_told_in_sentences(exercise: Exercise):
    for mistake in exercise.misconceptions:
        assert mistake.says.endswith(".")
        assert mistake.hint.endswith((".", "?"))


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_every_exercise_has_known_mistakes(name):
    counts = [len(exercise.misconceptions) for exercise in exercises(name)]

    assert min(counts) >= 3
    assert sum(counts) >= 14


def _same(one: Case, other: Case) -> bool:
    return len(one.args) == len(other.args) and all(map(_equal, one.args, other.args))


def _equal(one, other) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    return type(one) is type(other) and one == other
