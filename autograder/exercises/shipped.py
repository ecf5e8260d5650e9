"""Compute the values that the kit comes with.

    uv run python -m autograder.exercises.shipped

These are the expected values of all cases, and the values of the known mistakes: all forms of a mistake on the public
cases, for a release, and the usual form on the hidden cases, for naming a mistake. Computing them in a first release or
a first verdict would take most of a minute. Draws are left out, because they are too large.
"""

import sys

from autograder import computing, paths
from autograder.exercises import Assignment, cache, load
from autograder.exercises.truth import given_by, known_values, prepare
from autograder.student.selfcheck.values import Plain

MAX_BYTES, MAX_RIGHT_BYTES = 50_000, 200_000  # of one value, of a mistake or right: the repository stays small


def compute(assignment: Assignment) -> None:
    """Compute the values."""
    prepare(assignment)
    for exercise in assignment.graded:
        fixed = [case for case in exercise.cases if not case.seeded]
        for mistake in (*exercise.mistakes, *exercise.together):
            usual, *others = mistake.variants
            everywhere = mistake in exercise.mistakes
            for case in fixed:
                if case.visible or everywhere:
                    given_by(exercise, usual, case)
                if case.visible:
                    for form in others:
                        given_by(exercise, form, case)


def wanted(assignment: Assignment) -> dict[str, Plain]:
    """Choose the values that the kit comes with: those that are not too large."""
    right = {f"{exercise.name} / {case.name}" for exercise in assignment.graded for case in exercise.cases}
    return {
        name: value
        for name, value in known_values(assignment).items()
        if cache.size(value) <= (MAX_RIGHT_BYTES if name in right else MAX_BYTES)
    }


def is_current(assignment: str) -> bool:
    """Tell whether the values that the kit comes with belong to this version of the checks."""
    return bool(cache.shipped(assignment))


if __name__ == "__main__":
    computing.set_up()
    for name in sys.argv[1:] or paths.ASSIGNMENTS:
        if not is_current(name):
            compute(load(name))
            cache.ship(name, wanted(load(name)))
            print(f"{name}: {len(cache.shipped(name))} values")
