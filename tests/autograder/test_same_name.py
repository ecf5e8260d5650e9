"""The notebook and the feedback page name the same mistake, in the sample class's wrong answers."""

import importlib
import re
import warnings
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest

from autograder.exercises import Exercise, load
from autograder.grading.diagnosis import name_mistake
from autograder.grading.trials import trial_of
from autograder.notebooks import build
from autograder.notebooks.answers import HEADER
from autograder.student.selfcheck.checks import _run
from autograder.student.selfcheck.diagnosis.known import named
from autograder.student.selfcheck.judge import diagnose
from tests.autograder.exercises.test_public import by_draws
from tests.autograder.trials import trials_of
from tests.submissions.make import HERE

# The students whose wrong answers are compared; without --long, some. The others of the sample class are right,
# hang, or cannot be read.
STUDENTS = {
    "categorization": ("goran", "imani"),
    "em": ("goran", "imani"),
    "bayesian_gmm": ("goran", "imani"),
    "gibbs_sampling": ("goran", "imani"),
    "coffee": ("imani", "goran"),
    "applications": ("goran",),
    "dpmm": ("goran", "imani"),
}


each_student = pytest.mark.parametrize(
    ("assignment", "student"),
    [
        pytest.param(assignment, student, marks=pytest.mark.long if number or assignment != "categorization" else ())
        for assignment, some in STUDENTS.items()
        for number, student in enumerate(some)
    ],
)


def answers(assignment: str, student: str) -> dict[str, Callable[..., Any]]:
    """The functions that a student wrote, in a notebook with right answers otherwise."""
    text = (HERE / "answers" / assignment / f"{student}.py").read_text(encoding="utf-8")
    namespace = {**vars(importlib.import_module(f"reference.{assignment}")), "plt": plt}
    right = dict(namespace)
    _, *parts = HEADER.split(text)
    for source in parts[1::2]:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                exec(re.sub(r"^%.*$", "", source, flags=re.MULTILINE), namespace)
        except Exception:  # a cell of the sample class may fail in any way
            continue
    return {name: value for name, value in namespace.items() if callable(value) and value is not right.get(name)}


@cache
def public(exercise: Exercise) -> dict[str, Any]:
    """The release's file of public cases, for one exercise: all exercises would take long to compute."""
    return build._public_exercise(exercise)


def in_the_notebook(exercise: Exercise, function: Callable[..., Any]) -> str | None:
    checks = public(exercise)
    found = named(
        checks, [_run(exercise.name, function, case, set()) for case in checks["cases"] if len(case["seeds"]) == 1]
    )
    return found and found.sentence


def on_the_page(exercise: Exercise, function: Callable[..., Any]) -> str | None:
    returned = {}
    for case in exercise.cases:
        if not case.seeded:
            try:
                returned[case.name] = exercise.aspect_of(case).probe(function, case.args)
            except Exception:  # as in the notebook, a case that raises is ignored
                continue
    found = name_mistake(exercise, trials_of(exercise, returned))
    return found and found.sentence


@pytest.mark.filterwarnings("ignore")
@each_student
def test_the_notebook_and_the_page_name_the_same_mistake(assignment: str, student: str):
    written = answers(assignment, student)
    compared = []
    for exercise in load(assignment).exercises:
        if isinstance(exercise, Exercise) and exercise.name in written and not by_draws(exercise):
            with np.errstate(all="ignore"):
                here, there = (
                    in_the_notebook(exercise, written[exercise.name]),
                    on_the_page(exercise, written[exercise.name]),
                )
            compared.append((exercise.name, here, there))

    assert compared
    assert [(name, here) for name, here, _ in compared] == [(name, there) for name, _, there in compared]


@pytest.mark.filterwarnings("ignore")
@each_student
def test_the_notebook_and_the_page_say_the_same_about_public_cases(assignment: str, student: str):
    written = answers(assignment, student)
    compared = []
    for exercise in load(assignment).graded:
        if exercise.name in written and not by_draws(exercise):
            with np.errstate(all="ignore"):
                checks = public(exercise)
                here = [_run(exercise.name, written[exercise.name], case, set()) for case in checks["cases"]]
                cases = {case.name: case for case in exercise.cases}
                there = [trial_of(exercise, cases[item.case], item.outcome, item.seed) for item in here]
                found = diagnose(here, partial(named, checks)), diagnose(there, partial(name_mistake, exercise))
            assert [item.message for item in here] == [item.message for item in there]
            compared.append([(exercise.name, item.difference, item.hints) for item in found])

    assert compared
    assert [here for here, _ in compared] == [there for _, there in compared]


def test_a_rule_without_a_tolerance_names_a_mistake_in_the_notebook_too():
    goran = answers("coffee", "goran")
    exercises = {item.name: item for item in load("coffee").exercises}

    for name in ("choose_mean_prior", "plot_assignments"):
        exercise = exercises[name]
        assert isinstance(exercise, Exercise)
        assert in_the_notebook(exercise, goran[name]) is not None
