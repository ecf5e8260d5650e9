"""A student's feedback page: one self-contained HTML file, readable without JavaScript."""

from functools import cache
from itertools import groupby

from jinja2 import Environment, PackageLoader, select_autoescape

from autograder.exercises import Assignment
from autograder.grading.results import CheckResult, ExerciseResult, Verdict


def page(assignment: Assignment, verdict: Verdict) -> str:
    """The page for one student: scores, what was checked, what came back, hints."""
    return templates().get_template("feedback.html").render(assignment=assignment, verdict=verdict)


def fragment(exercise: ExerciseResult) -> str:
    """What the page says of one exercise, for a notebook, which may hold no style sheet."""
    return templates().get_template("verdict.html").render(exercise=exercise)


def alike(checks: tuple[CheckResult, ...]) -> list[list[CheckResult]]:
    """Neighbouring checks that failed with the same words, together: said once, they are read."""
    return [list(group) for _, group in groupby(checks, key=lambda check: check.message or check.name)]


@cache
def templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("autograder.publish"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["alike"] = alike
    environment.filters["marks"] = lambda score: f"{score:g}"
    return environment
