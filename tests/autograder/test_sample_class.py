"""The sample class: each student loses exactly the intended points, and the notebooks are current."""

import shutil

import pytest

from autograder import exercises, paths
from autograder.commands.grade import grade_class
from autograder.commands.local import Local
from autograder.course.folder import Course
from autograder.submissions import locate
from tests.submissions.make import RIGHT, make

# The exercises without full marks: exercise -> (score, the named mistake).
LOST = {
    "categorization": {
        "abena": {
            "component_log_density": (0, None),
            "responsibilities": (0, None),
            "marginal_density": (0, None),
            "decision_boundaries": (0, None),
            "count_modes": (0, "components_for_modes"),
            "plot_mixture": (0, "nothing_returned"),
        },
        "goran": {
            "responsibilities": (3, "exponentiated_first"),
            "marginal_density": (0, "weights_ignored"),
            "decision_boundaries": (0, "midpoint_of_means"),
            "count_modes": (0, "two_sigma_rule"),
            "plot_mixture": (0, None),
        },
        "imani": {
            "marginal_density": (0, None),
            "decision_boundaries": (2, "only_between_the_means"),
            "count_modes": (0, None),
        },
    },
    "em": {
        "abena": {
            "labelled_mle": (0, None),
            "e_step": (0, None),
            "m_step": (0, "nothing_returned"),
            "fit_em": (0, None),
            "elbo": (0, "log_likelihood_for_bound"),
            "bic": (0, None),
            "select_num_components": (0, "no_penalty"),
            "anomaly_score": (0, "sign"),
        },
        "goran": {
            "labelled_mle": (0, "divided_by_count_minus_1"),
            "e_step": (3, "exponentiated_first"),
            "m_step": (0, "variance_for_std"),  # fit_em follows from this mistake
            "elbo": (0, "entropy_forgotten"),
            "bic": (0, "weights_counted_in_full"),
            "select_num_components": (0, None),
            "anomaly_score": (0, None),
        },
        "imani": {"fit_em": (0, None), "elbo": (2, "zero_times_infinity"), "select_num_components": (0, None)},
    },
    "bayesian_gmm": {
        "goran": {
            "bento_mixture": (0, "logits_for_probabilities"),
            "normalize_log_weights": (1, "exponentiated_first"),
        },
        "imani": {
            "simulate_bentos": (0, None),
            "importance_sampling": (0, None),
        },
    },
    "gibbs_sampling": {
        "goran": {
            "log_std_density": (0, "jacobian_missing"),
            "sample_means": (1, "std_for_variance_of_prior"),
            "gibbs": (1, "most_probable_assignments"),
            "relabel": (0, "inverse_permutation"),
            "assignment_probabilities": (0, "plugged_in"),
            "assignment_entropy": (1, "zero_times_infinity"),
        },
        "imani": {
            "log_std_density": (0, None),
            "sample_weights": (1, None),
            "sample_stds": (0, None),
            "gibbs": (0, None),
            "assignment_probabilities": (0, "responsibilities_averaged"),
        },
    },
    "coffee": {
        "goran": {
            "coffee_gmm": (0, "scale_of_the_means_squared"),
            "choose_mean_prior": (0, "too_narrow"),
            "prior_predictive": (1, None),
            "fit_coffee": (1, "jacobian_missing"),
            "assignment_posterior": (0, "labels_as_they_are"),
            "coassignment": (0, "as_if_independent"),
            "plot_assignments": (0, "no_legend"),
        },
        "imani": {
            "prior_predictive": (1, None),
            "fit_coffee": (0, None),
            "assignment_posterior": (0, None),
            "coassignment": (0, None),
        },
    },
    "applications": {
        "goran": {
            "multivariate_log_density": (0, "upper_triangle_solved"),
            "e_step_full": (3, "exponentiated_first"),
            "m_step_full": (3, None),
            "segment_image": (3, "bytes_not_scaled"),
            "flag_anomalies": (0, "positions_returned"),
        },
    },
    "dpmm": {
        "goran": {
            "crp_probabilities": (0, "one_customer_too_few"),
            "simulate_crp": (1, "sizes_ignored"),
            "num_clusters_prior": (0, "expectation_returned"),
            "stick_breaking": (0, "renormalised"),
            "truncated_dpmm": (0, "logits_for_probabilities"),
            "cluster_log_marginal": (0, "pull_of_the_prior_forgotten"),
            "predictive_log_density": (2, "zero_by_zero"),
            "reassignment_probabilities": (0, "itself_not_removed"),
            "sweep": (0, None),
            "dpmm": (1, "sizes_ignored"),
            "num_clusters_posterior": (0, "largest_label"),
            "predictive_density": (0, "new_cluster_left_out"),
        },
        "imani": {
            "simulate_crp": (2, None),
            "stick_breaking": (0, "last_piece_missing"),
            "truncated_dpmm": (0, None),
            "cluster_log_marginal": (1, "zero_by_zero"),
            "reassignment_probabilities": (0, None),
            "sweep": (0, None),
            "dpmm": (0, None),
            "num_clusters_posterior": (0, "counts_for_shares"),
            "predictive_density": (0, None),
        },
    },
}


# Without --long, slow tests use these students only.
SOME = {
    "categorization": {"goran", "jonas", "kofi"},  # wrong, cut off, hostile
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=() if name in SOME else pytest.mark.long) for name in paths.ASSIGNMENTS]
)
def test_each_student_loses_exactly_the_intended_points(course_of, tmp_path, name, request):
    assignment = exercises.load(name)
    course = Course(shutil.copytree(course_of(name), tmp_path / "course"))
    found = locate.find([paths.SAMPLE_CLASS / name], name)
    if not request.config.getoption("--long"):
        found = [graded for graded in found if graded.student in SOME[name]]

    verdicts = {verdict.student: verdict for verdict in grade_class(course, assignment, found, Local(jobs=1))}

    assert len(verdicts) == len(found) >= 2
    for student, verdict in verdicts.items():
        auto = [exercise for exercise in verdict.exercises if exercise.kind == "auto"]
        if student in ("jonas", "kofi"):  # cut off; hostile
            expected = {exercise.name: (0, None) for exercise in auto}
        else:
            expected = {} if student in RIGHT else LOST[name][student]
        lost = {exercise.name: (exercise.score, exercise.misconception) for exercise in auto if not exercise.passed}
        if student == "kofi":
            lost = {exercise: (score, None) for exercise, (score, _) in lost.items()}
        assert lost == expected, student
    assert "jonas" not in verdicts or verdicts["jonas"].status == "unreadable"


@pytest.mark.parametrize("name", paths.ASSIGNMENTS)
def test_the_notebooks_are_made_from_the_released_text(name):
    made = make(exercises.load(name))

    for student, text in made.items():
        path = paths.SAMPLE_CLASS / name / f"{student}.ipynb"
        assert path.read_text(encoding="utf-8") == text, f"stale: run `python -m tests.submissions.make` ({path.name})"
    assert {path.stem for path in (paths.SAMPLE_CLASS / name).glob("*.ipynb")} == set(made)
