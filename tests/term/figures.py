"""Every figure at the end of a term, read from each place that shows it, and the places that disagree."""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from nbgrader.apps import NbGraderAPI
from rich.table import Column, Table

from autograder.course.folder import Course
from autograder.exercises import Assignment
from autograder.notebooks.released import check_id
from tests.term.people import gradebook_of

ALL = "(mean)"
ROUNDING = 0.0051  # spreadsheets have two decimals

type Figures = dict[tuple[str, str], float]
"""By student and what it is: the score of an exercise, or one of the sums."""


@dataclass(frozen=True)
class Disagreement:
    """A figure that differs between places, by place; None if a place lacks it."""

    student: str
    what: str
    values: dict[str, float | None]


@dataclass(frozen=True, kw_only=True)
class Exported:
    """The files that the three export commands wrote."""

    csv: Path
    canvas: Path
    nbgrader: Path


def everywhere(course: Course, assignment: Assignment, exported: Exported) -> dict[str, Figures]:
    """The figures of a class whose written answers are all marked, by the place that shows them."""
    places: dict[str, Callable[[], Figures]] = {
        "results": lambda: from_results(course, assignment),
        "feedback pages": lambda: from_pages(course, assignment),
        "gradebook": lambda: from_gradebook(course, assignment),
        "formgrader, class": lambda: from_formgrader(course, assignment),
        "formgrader, student": lambda: from_formgraders_students(course, assignment),
        "formgrader, notebook": lambda: from_formgraders_notebooks(course, assignment),
        "csv": lambda: from_csv(exported.csv, assignment),
        "canvas": lambda: from_canvas(exported.canvas),
        "nbgrader export": lambda: from_nbgraders_export(exported.nbgrader, assignment),
    }
    return {place: read() for place, read in places.items()}


def disagreements(places: Mapping[str, Figures]) -> list[Disagreement]:
    """The figures that differ between two places, or that a place lacks for some students only."""
    knows = {place: {what for _, what in figures} for place, figures in places.items()}
    found = []
    for student, what in sorted({key for figures in places.values() for key in figures}):
        values = {
            place: figures.get((student, what))
            for place, figures in places.items()
            if what in knows[place] and (student != ALL or (ALL, what) in figures)
        }
        told = [value for value in values.values() if value is not None]
        if len(told) < len(values) or max(told) - min(told) > ROUNDING:
            found.append(Disagreement(student, what, values))
    return found


def table(found: list[Disagreement], places: Mapping[str, Figures]) -> Table:
    """A table of the disagreements: the student, the figure, and the values by place."""
    shown = Table("student", "what", *(Column(place, justify="right") for place in places))
    for item in found:
        cells = ["" if (value := item.values.get(place)) is None else f"{value:g}" for place in places]
        shown.add_row(item.student, item.what, *cells)
    return shown


def from_results(course: Course, assignment: Assignment) -> Figures:
    """The figures in the results, as other programs read them."""
    figures = {}
    for item in json.loads(course.results(assignment.name).read_text(encoding="utf-8"))["submissions"]:
        figures |= _of(item["student"], raw=item["score"], final=item["final_score"], max=item["max_score"])
        figures |= _of(item["student"], penalty=item["late_penalty"])
        exercises = item["exercises"]
        for what, kind in {"auto": "auto", "written": "manual"}.items():
            figures |= _of(item["student"], **{what: sum(each["score"] for each in exercises if each["kind"] == kind)})
        figures |= _of(item["student"], **{exercise["name"]: exercise["score"] for exercise in exercises})
    return figures | _means(figures, "raw")


def from_pages(course: Course, assignment: Assignment) -> Figures:
    """The figures on the students' feedback pages."""
    figures = {}
    for page in sorted(course.root.glob(f"feedback/*/{assignment.name}/{assignment.name}.html")):
        text = page.read_text(encoding="utf-8")
        student = page.parts[-3]
        (total,) = re.findall(r'class="total">(\S+) of (\S+) points', text)
        figures |= _of(student, final=total[0], max=total[1])
        exercises = re.findall(r'<h2 id="(\w+)">.*?class="score \w+">(\S+) of ', text, re.DOTALL)
        figures |= _of(student, **dict(exercises))
    return figures


def from_gradebook(course: Course, assignment: Assignment) -> Figures:
    """The figures in the database: each grade, and nbgrader's sums."""
    figures = {}
    with gradebook_of(course) as gradebook:
        for item in gradebook.assignment_submissions(assignment.name):
            penalty = item.late_submission_penalty or 0
            (notebook,) = item.notebooks
            figures |= _of(item.student.id, raw=item.score, penalty=penalty, final=max(0.0, item.score - penalty))
            figures |= _of(item.student.id, auto=item.code_score, written=item.written_score, max=item.max_score)
            figures |= _of(item.student.id, **{_exercise(grade.name): grade.score for grade in notebook.grades})
        figures |= _of(ALL, raw=gradebook.average_assignment_score(assignment.name))
    return figures


def from_formgrader(course: Course, assignment: Assignment) -> Figures:
    """The figures on the page of an assignment's submissions, and in the list of assignments."""
    api = NbGraderAPI(config=course.config())
    figures: Figures = {}
    submissions: list[dict[str, Any]] = api.get_submissions(assignment.name)
    for item in submissions:
        figures |= _of(item["student"], raw=item["score"], max=item["max_score"])
        figures |= _of(item["student"], auto=item["code_score"], written=item["written_score"])
    (listed,) = (item for item in api.get_assignments() if item["name"] == assignment.name)
    return figures | _of(ALL, raw=listed["average_score"])


def from_formgraders_students(course: Course, assignment: Assignment) -> Figures:
    """The figures on each student's own page."""
    api = NbGraderAPI(config=course.config())
    figures = {}
    for student in [str(listed["id"]) for listed in api.get_students()]:
        for item in api.get_student_submissions(student):
            if item["name"] == assignment.name:
                figures |= _of(student, raw=item["score"], max=item["max_score"])
                figures |= _of(student, auto=item["code_score"], written=item["written_score"])
    return figures


def from_formgraders_notebooks(course: Course, assignment: Assignment) -> Figures:
    """The figures on the page of the submissions to mark, and in the boxes of each submission."""
    api = NbGraderAPI(config=course.config())
    figures = {}
    with gradebook_of(course) as gradebook:
        for item in api.get_notebook_submissions(assignment.name, assignment.name):
            figures |= _of(item["student"], raw=item["score"], max=item["max_score"])
            figures |= _of(item["student"], auto=item["code_score"], written=item["written_score"])
            for grade in gradebook.find_submission_notebook_by_id(item["id"]).grades:
                box = grade.to_dict()
                score = box["auto_score"] if box["manual_score"] is None else box["manual_score"]
                figures |= _of(item["student"], **{_exercise(box["name"]): score + (box["extra_credit"] or 0)})
    return figures


def from_csv(path: Path, assignment: Assignment) -> Figures:
    """The figures in `autograder export csv`."""
    figures = {}
    for row in _rows(path, encoding="utf-8-sig"):
        student = row["student"]
        figures |= _of(student, final=row[f"{assignment.name} ({assignment.points})"])
        figures |= _of(student, penalty=row.get(f"{assignment.name} late penalty", 0))
        titles = {
            exercise.name: f"{assignment.name} {exercise.name} ({exercise.points})" for exercise in assignment.exercises
        }
        figures |= _of(student, **{name: row[title] for name, title in titles.items()})
    return figures


def from_canvas(path: Path) -> Figures:
    """The figures in `autograder export canvas`, for a class list in which the login is the student's name."""
    figures = {}
    points, *students = _rows(path)
    for row in students:
        figures |= _of(row["SIS Login ID"], final=[*row.values()][-1], max=[*points.values()][-1])
    return figures


def from_nbgraders_export(path: Path, assignment: Assignment) -> Figures:
    """The figures in `nbgrader export`."""
    figures = {}
    for row in _rows(path):
        if row["assignment"] == assignment.name:
            figures |= _of(row["student_id"], raw=row["raw_score"], penalty=row["late_submission_penalty"])
            figures |= _of(row["student_id"], final=row["score"], max=row["max_score"])
    return figures


def _exercise(cell: str) -> str:
    """The exercise whose points a cell carries."""
    return cell.removeprefix(check_id(""))


def _of(student: str, **values: float | str) -> Figures:
    return {(student, what): float(value) for what, value in values.items()}


def _means(figures: Figures, what: str) -> Figures:
    return _of(ALL, **{what: mean(value for (_, name), value in figures.items() if name == what)})


def _rows(path: Path, *, encoding: str = "utf-8") -> Iterator[dict[str, str]]:
    with path.open(encoding=encoding, newline="") as file:
        yield from csv.DictReader(file)
