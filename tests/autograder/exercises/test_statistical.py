"""The assignments with draws: known mistakes are caught and named."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from autograder.commands.audit import trials
from autograder.exercises import Exercise, KnownMistake
from autograder.grading.diagnosis import name_mistake
from autograder.student.selfcheck.rules.drawings import Points
from tests.autograder.exercises.judging import exercises
from tests.autograder.trials import trials_of

ASSIGNMENTS = ("bayesian_gmm", "gibbs_sampling", "coffee", "dpmm")
JUDGED = [(name, exercise) for name in ASSIGNMENTS for exercise in exercises(name)]

# The audit tries all mistakes many times. Of those that are judged by their draws, --long tries every tenth,
# and the plain run the first of each exercise; of the others, the plain run tries every ninth.
SHARE, EVERY = 10, 9


def by_draws(exercise: Exercise) -> bool:
    return any(case.seeded for case in exercise.cases)


@pytest.mark.parametrize(
    ("assignment", "exercise", "mistake"),
    [
        pytest.param(
            name,
            exercise,
            mistake,
            id=f"{exercise.name}: {mistake.name}",
            marks=pytest.mark.long if (number if by_draws(exercise) else number % EVERY) else (),
        )
        for name, exercise in JUDGED
        for number, mistake in enumerate(exercise.mistakes[:: SHARE if by_draws(exercise) else 1])
    ],
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_known_mistake_is_caught(assignment: str, exercise: Exercise, mistake: KnownMistake):
    counts = trials.count(trials.Job(assignment, exercise.name, "wrong", mistake.name, 0, 1))

    assert sum(count.hits for count in counts) == 1


@pytest.mark.parametrize(
    ("exercise", "mistake"),
    [
        pytest.param(
            exercise,
            mistake,
            id=f"{exercise.name}: {mistake.name}",
            marks=pytest.mark.long if number % EVERY != 1 else (),  # others than above
        )
        for _, exercise in JUDGED
        for number, mistake in enumerate(exercise.mistakes)
        # For a figure, a known mistake returns series, not the figure: see test_plot_assignments.py.
        if not (by_draws(exercise) or isinstance(exercise.rule, Points))
    ],
)
def test_a_mistake_without_chance_is_named(exercise: Exercise, mistake: KnownMistake):
    returned = {}
    for case in exercise.cases:
        with np.errstate(all="ignore"):
            returned[case.name] = exercise.aspect_of(case).probe(mistake.variant, case.args)

    named = name_mistake(exercise, trials_of(exercise, returned))

    assert named is not None
    assert named.mistakes == (mistake,)


def shares_of_the_labels(key, z, alpha):
    """The answer of a student who takes the mean for a draw."""
    counts = alpha + jnp.array([jnp.sum(z == k) for k in range(len(alpha))])
    return counts / counts.sum()


def stretched(key, z, alpha):
    """A mistake that is not a known one."""
    return jax.random.dirichlet(key, 2.0 * alpha) ** 0.9


@pytest.mark.parametrize(("answer", "name"), [(shares_of_the_labels, "average"), (stretched, None)])
def test_a_mistake_in_draws_is_named_from_the_draws(answer, name: str | None):
    exercise = next(exercise for _, exercise in JUDGED if exercise.name == "sample_weights")
    returned = {case.name: exercise.aspect_of(case).probe(answer, case.arguments(1)) for case in exercise.cases[:2]}

    mistake = name_mistake(exercise, trials_of(exercise, returned, dict.fromkeys(returned, 1)))

    assert (mistake and mistake.name) == name


def test_there_are_enough_known_mistakes():
    assert sum(len(exercise.mistakes) for _, exercise in JUDGED) >= 100
