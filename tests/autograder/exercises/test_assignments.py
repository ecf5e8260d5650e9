"""The form of every assignment, on which the contract and the gradebook rely."""

import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import autograder.exercises as exercises_package
from autograder.exercises import Case, Exercise, Recurring, Written, catalogue, load
from autograder.paths import ASSIGNMENTS
from autograder.student.selfcheck.values import Key
from tests.autograder.exercises.judging import exercises

CONTRACT = {
    "categorization": (
        "component_log_density",
        "responsibilities",
        "marginal_density",
        "decision_boundaries",
        "count_modes",
        "plot_mixture",
        "written_categorization",
    ),
    "em": (
        "labelled_mle",
        "e_step",
        "m_step",
        "fit_em",
        "elbo",
        "bic",
        "select_num_components",
        "anomaly_score",
        "written_em",
    ),
    "bayesian_gmm": (
        "bento_mixture",
        "simulate_bentos",
        "bayesian_gmm",
        "normalize_log_weights",
        "effective_sample_size",
        "importance_sampling",
        "written_bayesian_gmm",
    ),
    "gibbs_sampling": (
        "sample_assignments",
        "sample_weights",
        "sample_means",
        "log_std_density",
        "sample_stds",
        "gibbs",
        "relabel",
        "assignment_probabilities",
        "assignment_entropy",
        "written_gibbs_sampling",
    ),
    "coffee": (
        "coffee_gmm",
        "choose_mean_prior",
        "prior_predictive",
        "fit_coffee",
        "assignment_posterior",
        "coassignment",
        "plot_assignments",
        "written_coffee",
    ),
    "applications": (
        "multivariate_log_density",
        "e_step_full",
        "m_step_full",
        "segment_image",
        "flag_anomalies",
        "written_applications",
    ),
    "dpmm": (
        "crp_probabilities",
        "simulate_crp",
        "num_clusters_prior",
        "stick_breaking",
        "truncated_dpmm",
        "cluster_log_marginal",
        "predictive_log_density",
        "reassignment_probabilities",
        "sweep",
        "dpmm",
        "num_clusters_posterior",
        "predictive_density",
        "written_dpmm",
    ),
}
# In this exercise, the log weights play no part.
NOT_OF_THE_CATALOGUE = {("bayesian_gmm", "weights_ignored")}
each_exercise = pytest.mark.parametrize("exercise", exercises(*ASSIGNMENTS), ids=lambda exercise: exercise.name)


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_exercises_come_in_the_order_of_the_contract(name):
    assignment = load(name)

    assert tuple(exercise.name for exercise in assignment.exercises) == CONTRACT[name]
    assert isinstance(assignment.exercises[-1], Written)
    assert all(exercise.points > 0 for exercise in assignment.exercises)


def test_an_unknown_assignment_is_refused_with_a_list_of_the_existing_ones():
    with pytest.raises(KeyError, match="there are: " + ", ".join(ASSIGNMENTS)):
        load("tea")


@each_exercise
def test_names_are_unique(exercise: Exercise):
    for named in (exercise.aspects, exercise.cases, exercise.mistakes):
        names = [item.name for item in named]
        assert len(set(names)) == len(names)


@each_exercise
def test_every_aspect_has_points_and_a_hint(exercise: Exercise):
    for aspect in exercise.aspects:
        assert aspect.points > 0
        assert aspect.hint.endswith((".", "?"))
    assert any(case.visible for case in exercise.cases)


def test_few_aspects_have_no_visible_case_or_too_few_hidden_ones():
    """The constructor checks all other aspects (test_model.py)."""
    found = {
        (exercise.name, aspect.name)
        for exercise in exercises(*ASSIGNMENTS)
        for aspect in exercise.aspects
        if aspect.exception
    }

    assert found == {
        ("choose_mean_prior", "the choice"),
        ("gibbs", "three components"),
        *((name, "within a sweep") for name in ("sample_assignments", "sample_weights", "sample_means", "sample_stds")),
    }


@each_exercise
def test_every_exercise_has_a_closer_hint(exercise: Exercise):
    closer = [one.closer for one in (*exercise.aspects, *exercise.mistakes) if one.closer]

    assert any(aspect.closer for aspect in exercise.aspects)
    assert all(text.endswith((".", "?")) for text in closer)
    assert not {*closer} & {aspect.hint for aspect in exercise.aspects}


@each_exercise
def test_no_case_repeats_another(exercise: Exercise):
    for first, other in combinations(exercise.cases, 2):
        assert not _same(first, other), f"{first.name} is {other.name}"


@each_exercise
def test_numbers_are_exact_in_float32_and_fixed_cases_are_small(exercise: Exercise):
    for case in exercise.cases:
        for arg in _leaves(case.arguments()):
            if isinstance(arg, np.ndarray):
                assert arg.dtype == np.float32 or arg.dtype.kind in "iu"
                assert np.all(np.isfinite(arg))
                assert arg.size <= 120 or case.seeded
            else:
                assert isinstance(arg, (int, float, tuple, Key))
                assert not isinstance(arg, float) or float(np.float32(arg)) == arg


@each_exercise
def test_mistakes_are_described_in_sentences(exercise: Exercise):
    for mistake in exercise.mistakes:
        assert mistake.says.endswith(".")
        assert mistake.hint.endswith((".", "?"))


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_every_exercise_has_known_mistakes(name):
    counts = [len(exercise.mistakes) for exercise in exercises(name)]

    assert min(counts) >= 3
    assert sum(counts) >= 14


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_no_module_of_an_assignment_is_forgotten(name):
    """A module of mistakes that nobody imports would declare no mistakes."""
    load(name)
    package = Path(exercises_package.__file__).parent / name

    for path in package.glob("*.py"):
        if path.stem != "__init__":
            assert f"autograder.exercises.{name}.{path.stem}" in sys.modules


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_mistakes_with_the_same_name_are_in_the_catalogue_or_differ(name):
    """The class report counts a mistake of the catalogue once; two others with one sentence would be two rows."""
    own = [mistake for exercise in exercises(name) for mistake in exercise.mistakes if not mistake.recurring]

    assert len({(mistake.name, mistake.says) for mistake in own}) == len(own)
    entries = {entry.name for entry in vars(catalogue).values() if isinstance(entry, Recurring)}
    for mistake in (mistake for mistake in own if mistake.name in entries):
        assert (name, mistake.name) in NOT_OF_THE_CATALOGUE


def _same(first: Case, other: Case) -> bool:
    mine, others = (list(_leaves(case.arguments())) for case in (first, other))
    return len(mine) == len(others) and all(map(_equal, mine, others))


def _leaves(value):
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple) and any(isinstance(item, (np.ndarray, tuple, dict, Key)) for item in value):
        return [leaf for item in value for leaf in _leaves(item)]
    return [value]


def _equal(first, other) -> bool:
    if isinstance(first, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(first, other)
    return type(first) is type(other) and first == other
