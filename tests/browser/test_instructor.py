"""An instructor in formgrader: the marks of the command line, and a person's own beside them."""

import csv
import json
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from autograder import exercises
from autograder.commands import grade
from autograder.course.folder import Course
from autograder.publish import spreadsheet
from autograder.sandbox.sandbox import Sandbox
from autograder.submissions import locate
from tests.autograder import toy

RIGHT = "def double(x):\n    return 2 * x"
FOR_TWO = "def double(x):\n    return 2 * x if len(x) == 2 else x"
COMMENT = "Say why, too: 2 + 2 is 2 * 2."


@pytest.fixture
def course(tmp_path, monkeypatch) -> Iterator[Course]:
    """A graded class, whose written answers wait for marks; it can be graded again."""
    monkeypatch.setattr(exercises, "load", {"toy": toy.TOY}.__getitem__)
    made = toy.course(tmp_path / "course")
    with Sandbox(bundle=made.release("toy")) as sandbox:
        monkeypatch.setattr(grade, "Sandbox", lambda **_: nullcontext(sandbox))
        hand_in(made, "ada", RIGHT)
        hand_in(made, "bo", FOR_TWO)
        grade_all(made)
        yield made


def test_marks_of_the_kit_and_of_a_person_are_the_same_everywhere(course, jupyter, tmp_path):
    assert results(course) == {"ada": 5, "bo": 2}
    page = jupyter(course.root, "formgrader/gradebook/toy/toy")
    assert table(page) == {"ada": [5, 5, 0], "bo": [2, 2, 0]}

    mark(page, "ada", "4")
    mark(page, "bo", "2.5")
    assert table(page) == {"ada": [9, 5, 4], "bo": [4.5, 2, 2.5]}

    hand_in(course, "bo", RIGHT)
    grade_all(course)
    spreadsheet.write(tmp_path / "marks.csv", course, [toy.TOY])

    totals = {"ada": 9, "bo": 7.5}
    assert table(page) == {"ada": [9, 5, 4], "bo": [7.5, 5, 2.5]}
    assert results(course) == totals
    assert exported(tmp_path / "marks.csv") == totals
    for student, total in totals.items():
        told = course.feedback("toy", student).read_text()
        assert f"{total} of 9 points" in told
        assert COMMENT in told
    page.get_by_role("link", name="bo", exact=True).click()
    expect(page.locator("#essay")).to_have_value("2.5")
    expect(page.locator("#essay-comment")).to_have_value(COMMENT)


def hand_in(course: Course, student: str, source: str) -> None:
    toy.notebook(course.submitted() / student / "toy" / "toy.ipynb", source)


def grade_all(course: Course) -> None:
    grade.grade_class(course, toy.TOY, locate.find([course.submitted()], "toy"), jobs=1)


def results(course: Course) -> dict[str, float]:
    return {one["student"]: one["score"] for one in json.loads(course.results("toy").read_text())["submissions"]}


def exported(path: Path) -> dict[str, float]:
    with path.open(encoding="utf-8-sig") as file:
        return {row["student"]: float(row["toy (9)"]) for row in csv.DictReader(file)}


def open_class(page: Page) -> None:
    page.goto("formgrader/gradebook/toy/toy")
    page.get_by_role("link", name="Submission #1").wait_for()
    page.get_by_role("button", name="Show All Names").click()


def table(page: Page) -> dict[str, list[float]]:
    """By student what formgrader shows: the score, and what of it is for code and for text."""
    open_class(page)
    cells = [row.locator("td").all_inner_texts() for row in page.locator("tbody tr").all()]
    return {name: [float(score.split(" / ")[0]) for score in scores] for _, name, *scores in (row[:5] for row in cells)}


def mark(page: Page, student: str, essay: str) -> None:
    """Mark a student's written answer and comment on it."""
    open_class(page)
    page.get_by_role("link", name=student, exact=True).click()
    for loaded in ("#essay_extra_credit", "#essay-comment"):
        page.locator(f"{loaded}[placeholder]").wait_for()
    for field, text in {"#essay": essay, "#essay-comment": COMMENT}.items():
        with page.expect_response(lambda response: response.request.method == "PUT") as saved:
            page.locator(field).fill(text)
            page.locator(field).blur()
        assert saved.value.ok
