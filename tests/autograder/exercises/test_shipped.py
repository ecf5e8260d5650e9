"""The values that the kit comes with are the ones that it would compute."""

import numpy as np
import pytest

from autograder import paths
from autograder.exercises import Exercise, cache, load
from autograder.exercises.truth import compute
from autograder.student.selfcheck.values import leaves

EACH = 7  # every seventh expected value is computed again


@pytest.mark.parametrize("name", paths.ASSIGNMENTS)
def test_the_values_belong_to_this_version(name):
    assert cache.shipped(name), "uv run python -m autograder.exercises.shipped"


@pytest.mark.parametrize("name", paths.ASSIGNMENTS)
def test_a_first_verdict_computes_no_right_value_but_of_draws(name):
    cases = [(exercise, case) for exercise in load(name).graded for case in exercise.cases]
    right = {f"{exercise.name} / {case.name}" for exercise, case in cases if not case.seeded}

    assert right <= cache.shipped(name).keys()


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name == "categorization" else pytest.mark.long) for name in paths.ASSIGNMENTS],
)
def test_expected_values_equal_the_computed_ones(name):
    shipped = cache.shipped(name)
    cases = [(exercise, case) for exercise in load(name).graded for case in exercise.cases]
    tried = [(exercise, case) for exercise, case in cases if f"{exercise.name} / {case.name}" in shipped][::EACH]

    assert tried
    for exercise, case in tried:
        assert isinstance(exercise, Exercise)
        kept, anew = (
            leaves(value) for value in (shipped[f"{exercise.name} / {case.name}"], compute(exercise, case, 0))
        )
        for old, new in zip(kept, anew, strict=True):
            if isinstance(new, np.ndarray):
                np.testing.assert_allclose(old, new, rtol=1e-6, atol=1e-9)
            else:
                assert old == new


def test_they_are_small():
    assert sum(path.stat().st_size for path in cache.SHIPPED.iterdir()) < 5_000_000
