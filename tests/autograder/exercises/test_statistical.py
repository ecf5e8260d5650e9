"""The two assignments with draws: the reference passes under the seeds of grading, and every known mistake is caught."""

import importlib

import numpy as np
import pytest

from autograder import audit
from autograder.exercises import Case, Exercise, Misconception
from autograder.expected import expected
from autograder.misconceptions import name_mistake

from .judging import exercises

ASSIGNMENTS = ("bayesian_gmm", "coffee")
JUDGED = [(name, exercise) for name in ASSIGNMENTS for exercise in exercises(name)]

# Without an effect on these checks, for a reason that the instructor guide gives.
HARMLESS = {("fit_coffee", "no_burn_in_from_afar"), ("fit_coffee", "means_sorted_alone")}
# The message says what is wrong, without a name for it.
TOLD_OTHERWISE = ("choose_mean_prior", "plot_assignments")


@pytest.mark.parametrize(
    ("assignment", "exercise", "case"),
    [
        pytest.param(name, exercise, case, id=f"{exercise.name}: {case.name}")
        for name, exercise in JUDGED
        for case in exercise.cases
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_reference_passes_as_graded(assignment: str, exercise: Exercise, case: Case):
    function = getattr(importlib.import_module(f"reference.{assignment}"), exercise.name)
    probe, rule = exercise.aspect_of(case).probe, exercise.rule_of(case)

    value = probe(function, case.arguments(0))
    assert rule.compare(value, expected(exercise, case, 0)) is None


@pytest.mark.parametrize(
    ("assignment", "exercise", "mistake"),
    [
        pytest.param(name, exercise, mistake, id=f"{exercise.name}: {mistake.name}")
        for name, exercise in JUDGED
        for mistake in exercise.misconceptions
        if (exercise.name, mistake.name) not in HARMLESS
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_known_mistake_is_caught(assignment: str, exercise: Exercise, mistake: Misconception):
    counts = audit.count(audit.Job(assignment, exercise.name, "wrong", mistake.name, 0, 1))

    assert sum(one.hits for one in counts) == 1


@pytest.mark.parametrize(
    ("exercise", "mistake"),
    [
        pytest.param(exercise, mistake, id=f"{exercise.name}: {mistake.name}")
        for _, exercise in JUDGED
        for mistake in exercise.misconceptions
        if not any(case.seeded for case in exercise.cases)
        and exercise.name not in TOLD_OTHERWISE
        and mistake.name != "weights_lost"
    ],
)
def test_a_mistake_without_chance_is_named(exercise: Exercise, mistake: Misconception):
    returned = {}
    for case in exercise.cases:
        with np.errstate(all="ignore"):
            returned[case.name] = exercise.aspect_of(case).probe(mistake.variant, case.args)

    assert name_mistake(exercise, returned) is mistake


def test_there_are_enough_known_mistakes():
    assert sum(len(exercise.misconceptions) for _, exercise in JUDGED) >= 100
