"""A student's feedback page: one self-contained HTML file that needs no JavaScript."""

from collections.abc import Callable
from functools import cache
from itertools import groupby

from jinja2 import Environment, PackageLoader, select_autoescape

from autograder.course import marks
from autograder.exercises import Assignment
from autograder.grading.results import CaseResult, ExerciseResult, Verdict
from autograder.publish import texts


def page(assignment: Assignment, verdict: Verdict) -> str:
    """The page of one student: scores, checks, results, hints."""
    return templates().get_template("feedback.html").render(assignment=assignment, verdict=verdict)


def fragment(exercise: ExerciseResult) -> str:
    """The part of the page about one exercise, for a notebook, which cannot have a style sheet."""
    return templates().get_template("verdict.html").render(exercise=exercise)


def alike(checks: tuple[CaseResult, ...]) -> list[list[CaseResult]]:
    """Neighbouring checks that failed with the same message, in groups, so that each message is shown once."""
    return [list(group) for _, group in groupby(checks, key=lambda check: check.message or check.name)]


@cache
def templates() -> Environment:
    """The templates of feedback pages."""
    return environment(alike=alike, formulas=texts.with_formulas)


def environment(**filters: Callable[..., object]) -> Environment:
    """The templates of all pages, with the filter `marks` and the given filters."""
    made = Environment(
        loader=PackageLoader("autograder.publish"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= filters | {"marks": marks.number}
    return made
