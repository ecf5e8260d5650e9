"""A student's feedback page: one self-contained HTML file, readable without JavaScript."""

from functools import cache

from jinja2 import Environment, PackageLoader, Template, select_autoescape

from autograder.exercises import Assignment
from autograder.results import Verdict


def page(assignment: Assignment, verdict: Verdict) -> str:
    """The page for one student: scores, what was checked, what came back, hints."""
    return _template().render(assignment=assignment, verdict=verdict)


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("autograder"), autoescape=select_autoescape(), trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["marks"] = lambda score: f"{score:g}"
    return environment.get_template("feedback.html")
