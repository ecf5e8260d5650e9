"""Right answers in any style pass, with room to spare."""

from collections.abc import Callable, Iterator
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import scipy

from autograder.exercises import Case, Exercise, load
from autograder.exercises.truth import expected, make_room
from autograder.notebooks import answers
from autograder.paths import ASSIGNMENTS
from autograder.student.selfcheck.rules.arrays import Arrays
from tests.autograder.exercises import with_scikit_learn
from tests.autograder.exercises.judging import call, distance, exercises, passes, truth_of

mpl.use("agg")

EXERCISES = {exercise.name: exercise for exercise in exercises("categorization", "em", "applications")}

# The largest share of the tolerance that a right answer may use.
ROOM = 1 / 3

# Without --long: one script of each exercise, in one of the two number types; of all samplers, one script.
SAMPLER = "prior_predictive: quick"


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def right_answers() -> Iterator[Any]:
    """Each script of each exercise; for deterministic exercises, in float32 and in float64."""
    for assignment in ASSIGNMENTS:
        for place, exercise in enumerate(load(assignment).graded):
            random = any(case.seeded for case in exercise.cases)
            number_types = (False,) if random else (False, True)
            scripts = [name for name in answers.names(assignment, exercise.name) if name != answers.REFERENCE]
            chosen = scripts[place % len(scripts)], number_types[place // 2 % len(number_types)]
            for name in scripts:
                for in_float64 in number_types:
                    case = f"{exercise.name}: {name}{', float64' if in_float64 else ''}"
                    kept = case == SAMPLER if random else (name, in_float64) == chosen
                    marks = () if kept else pytest.mark.long
                    yield pytest.param(assignment, exercise, name, in_float64, id=case, marks=marks)


@pytest.mark.filterwarnings("ignore")  # raised by the students' code
@pytest.mark.parametrize(("assignment", "exercise", "name", "in_float64"), list(right_answers()))
def test_a_right_answer_passes_every_case(assignment: str, exercise: Exercise, name: str, in_float64: bool):
    function = answers.answer(assignment, name, exercise.name)
    if in_float64:
        function = answers.in_float64(function)

    for case in exercise.cases:
        assert passes_as_in_grading(exercise, case, function), case.name
    make_room()


def passes_as_in_grading(exercise: Exercise, case: Case, function: Callable[..., Any]) -> bool:
    """Tell whether a case passes with one of its seeds; numbers must have room to spare."""
    probe, rule = exercise.aspect_of(case).probe, exercise.rule_of(case)
    for seed in range(case.seeds):
        value = probe(function, case.arguments(seed))
        if rule.compare(value, expected(exercise, case, seed)) is None:
            return not isinstance(rule, Arrays) or distance(exercise, value, case) <= ROOM
    return False


@pytest.mark.parametrize("exercise", exercises(*ASSIGNMENTS), ids=lambda exercise: exercise.name)
def test_every_exercise_is_answered_in_six_ways(exercise: Exercise):
    assignment = next(name for name in ASSIGNMENTS if exercise in load(name).graded)

    assert len(answers.names(assignment, exercise.name)) > 6  # beside the reference


@pytest.mark.parametrize("function", with_scikit_learn.ANSWERS, ids=lambda function: function.__name__)
def test_scikit_learn_is_right(function: Callable[..., Any]):
    exercise = EXERCISES[function.__name__]

    for case in exercise.cases:
        assert passes(exercise, call(function, case), case), case.name


# --- count_modes: the grid that a student happens to choose ---


@pytest.mark.parametrize("case", EXERCISES["count_modes"].cases, ids=lambda case: case.name)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("num_points", [400, 500, 1000, 1001, 2000, 2001])
def test_strict_comparison_on_any_grid_counts_the_modes(case: Case, dtype, num_points):
    weights, means, stds = (arg.astype(dtype) for arg in case.args)
    for width in (2, 3, 4, 5):
        low, high = np.min(means - width * stds), np.max(means + width * stds)
        if (high - low) / num_points > np.min(stds) / 2.5:
            continue  # too coarse for the narrower component
        grid = np.linspace(low, high, num_points, dtype=dtype)
        p = (weights * np.exp(-0.5 * ((grid[:, None] - means) / stds) ** 2) / stds).sum(axis=1)
        assert np.sum((p[1:-1] > p[:-2]) & (p[1:-1] > p[2:])) == truth_of(EXERCISES["count_modes"], case)


# --- select_num_components: data on which every sensible method agrees ---


SELECTION = EXERCISES["select_num_components"]


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.name, marks=pytest.mark.long if number % 3 else ())
        for number, case in enumerate(SELECTION.cases)
    ],
)
def test_the_right_number_wins_clearly_wherever_em_starts(case: Case):
    """This includes spurious maxima: one start has a spike on each observation."""
    _, x, candidates = case.args
    right = int(truth_of(SELECTION, case))

    # The notebook asks for a floor of a hundredth; a floor ten times lower gives the same answer.
    for floor, clear in ((0.1, 6), (0.01, 6), (0.001, 0)):
        scores = {k: _lowest_bic(x.astype(float), k, floor * float(np.std(x))) for k in candidates}
        others = [score for k, score in scores.items() if k != right]
        assert min(others) - scores[right] > clear, (floor, scores)


def _lowest_bic(x, num_components, smallest_std):
    weights, means, stds = _starts(x, num_components, smallest_std)
    for _ in range(300):
        resp, _ = _e_step(x, weights, means, stds)
        counts = np.maximum(resp.sum(axis=1), 1e-300)
        weights = np.maximum(counts / len(x), 1e-300)
        means = np.einsum("rik,i->rk", resp, x) / counts
        variances = (resp * (x[:, None] - means[:, None]) ** 2).sum(axis=1) / counts
        stds = np.maximum(np.sqrt(variances), smallest_std)
    return (3 * num_components - 1) * np.log(len(x)) - 2 * np.max(_e_step(x, weights, means, stds)[1])


def _e_step(x, weights, means, stds):
    """All restarts at once: (R, N, K) responsibilities and (R,) log likelihoods."""
    z = (x[:, None] - means[:, None]) / stds[:, None]
    logs = np.log(weights)[:, None] - z**2 / 2 - np.log(stds)[:, None] - np.log(2 * np.pi) / 2
    log_density = np.logaddexp.reduce(logs, axis=2)
    return np.exp(logs - log_density[:, :, None]), log_density.sum(axis=1)


def _starts(x, num_components, smallest_std):
    rng = np.random.default_rng(0)
    means = [rng.choice(x, num_components, replace=False) for _ in range(30)]
    stds = [x.std() * rng.uniform(0.05, 1, num_components) for _ in range(30)]
    if num_components > 1:
        rest = np.quantile(x, (np.arange(num_components - 1) + 0.5) / (num_components - 1))
        means += [np.append(rest, value) for value in x]
        stds += [np.append(np.full(num_components - 1, x.std() / num_components), smallest_std) for _ in x]
    return np.full((len(means), num_components), 1 / num_components), np.array(means), np.array(stds)


def test_selection_has_more_answers_than_a_guess_can_hit():
    answers = [int(truth_of(SELECTION, case)) for case in SELECTION.cases if not case.visible]

    assert sorted(set(answers)) == [1, 2, 3]
    assert len(answers) >= 4


# --- segment_image and flag_anomalies: every choice is clear ---


def log_joint(x, weights, means, covs):
    """The log density of each observation in each component, with its weight: (N, K)."""
    columns = [scipy.stats.multivariate_normal(m, c).logpdf(x) for m, c in zip(means, covs, strict=True)]
    return np.log(weights) + np.column_stack(columns)


@pytest.mark.parametrize("case", EXERCISES["segment_image"].cases, ids=lambda case: case.name)
def test_no_label_depends_on_the_last_digits(case: Case):
    image, weights, means, covs = (np.asarray(arg, float) for arg in case.args)
    colours = (image / 255 if case.args[0].dtype == np.uint8 else image).reshape(-1, 3)
    logs = np.sort(log_joint(colours, weights, means, covs), axis=1)

    assert np.min(logs[:, -1] - logs[:, -2]) > 0.1


@pytest.mark.parametrize("case", EXERCISES["flag_anomalies"].cases, ids=lambda case: case.name)
def test_no_flag_depends_on_the_last_digits(case: Case):
    *args, share = case.args
    logs = np.sort(scipy.special.logsumexp(log_joint(*(arg.astype(float) for arg in args)), axis=1))
    count = share * len(logs)

    assert count.is_integer()
    below, above = logs[int(count) - 1 : int(count) + 1]
    # float32 errs by about a millionth of a very low log density.
    assert above - below > max(0.05, 0.001 * abs(above))
