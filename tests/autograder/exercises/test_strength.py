"""Wrong answers earn nothing for their wrong aspects: the cases show every known mistake clearly."""

import numpy as np
import pytest

from autograder.exercises import Exercise, KnownMistake
from autograder.exercises.truth import expected, mistaken
from autograder.grading.diagnosis import name_mistake
from autograder.student.selfcheck.rules.arrays import Arrays
from tests.autograder.exercises.judging import distance, earned, exercises
from tests.autograder.trials import trials_of

JUDGED = exercises("categorization", "em", "applications") + [
    exercise for exercise in exercises("dpmm") if not any(case.seeded for case in exercise.cases)
]
ARRAYS = [exercise for exercise in JUDGED if isinstance(exercise.rule, Arrays)]  # figures: test_plot_mixture.py
NO_ANSWERS = [None, "42", np.float64(0), np.float64(1), np.zeros(0), np.array(np.nan)]

# The least error of a wrong answer, in tolerances.
CLEAR = 3

each_exercise = pytest.mark.parametrize("exercise", JUDGED, ids=lambda exercise: exercise.name)
each_array_exercise = pytest.mark.parametrize("exercise", ARRAYS, ids=lambda exercise: exercise.name)
EVERY = 6  # without --long, only every sixth known mistake of an exercise is tried
each_mistake = pytest.mark.parametrize(
    ("exercise", "mistake"),
    [
        pytest.param(
            exercise,
            mistake,
            id=f"{exercise.name}: {mistake.name}",
            marks=pytest.mark.long if number % EVERY != 1 else (),
        )
        for exercise in ARRAYS
        for number, mistake in enumerate(exercise.mistakes)
    ],
)


@each_mistake
def test_a_mistake_shows_clearly_on_a_hidden_case(exercise: Exercise, mistake: KnownMistake):
    values = mistaken(exercise, mistake, exercise.cases)
    hidden = [case for case in exercise.cases if not case.visible and case.name in values]

    assert max(distance(exercise, values[case.name], case) for case in hidden) >= CLEAR
    assert len(earned(exercise, values)) < len(exercise.aspects)


@each_mistake
def test_no_verdict_hangs_on_the_last_digits(exercise: Exercise, mistake: KnownMistake):
    """Each aspect is passed with room to spare, or clearly lost."""
    values = mistaken(exercise, mistake, exercise.cases)
    for aspect in exercise.aspects:
        worst = max(distance(exercise, values[case.name], case) for case in aspect.cases if case.name in values)
        assert worst <= 0.5 or worst >= CLEAR, aspect.name


@each_mistake
def test_a_mistake_is_named(exercise: Exercise, mistake: KnownMistake):
    named = name_mistake(exercise, trials_of(exercise, mistaken(exercise, mistake, exercise.cases)))

    assert named is not None
    assert named.mistakes == (mistake,)


@each_array_exercise
def test_memorised_answers_and_a_constant_earn_nothing(exercise: Exercise):
    truths = {case.name: expected(exercise, case) for case in exercise.cases}
    for constant in truths.values():
        memorised = {case.name: truths[case.name] if case.visible else constant for case in exercise.cases}
        assert earned(exercise, memorised) == []


@each_exercise
@pytest.mark.parametrize("value", NO_ANSWERS, ids=repr)
def test_values_that_are_not_answers_earn_nothing(exercise: Exercise, value):
    assert earned(exercise, dict.fromkeys((case.name for case in exercise.cases), value)) == []


@each_array_exercise
def test_the_truth_itself_earns_everything(exercise: Exercise):
    truths = {case.name: expected(exercise, case) for case in exercise.cases}

    assert earned(exercise, truths) == [aspect.name for aspect in exercise.aspects]


@pytest.mark.parametrize(
    ("exercise_name", "mistake_name", "lost"),
    [
        ("labelled_mle", "digits_lost", "heavy numbers"),
        ("m_step", "digits_lost", "heavy numbers"),
        ("component_log_density", "log_of_underflowed_density", "far from every mean"),
        ("responsibilities", "exponentiated_first", "far from every mean"),
        ("responsibilities", "small_constant_added", "far from every mean"),
        ("e_step", "exponentiated_first", "far from every mean"),
        ("e_step", "small_constant_added", "far from every mean"),
        ("anomaly_score", "exponentiated_first", "far from every mean"),
        ("multivariate_log_density", "exponentiated_first", "far from every mean"),
        ("e_step_full", "exponentiated_first", "far from every mean"),
        ("m_step_full", "digits_lost", "large numbers"),
        ("segment_image", "bytes_not_scaled", "bytes"),
        ("flag_anomalies", "exponentiated_first", "far from every mean"),
        ("cluster_log_marginal", "digits_lost", "bentos"),
        ("predictive_log_density", "zero_by_zero", "before any observation"),
    ],
)
def test_poor_numerics_cost_only_their_own_aspect(exercise_name, mistake_name, lost):
    [exercise] = [exercise for exercise in JUDGED if exercise.name == exercise_name]
    [mistake] = [mistake for mistake in exercise.mistakes if mistake.name == mistake_name]

    kept = earned(exercise, mistaken(exercise, mistake, exercise.cases))
    assert [aspect.name for aspect in exercise.aspects if aspect.name not in kept] == [lost]
