"""Moodle's grading worksheet: marks and comments are filled in, and everything else stays."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.course import collected, roster
from autograder.course.collected import Collected
from autograder.course.roster import Person
from autograder.errors import ExportError
from autograder.publish import moodle
from tests.autograder.publish.classes import graded, verdict
from tests.autograder.toy import TOY
from tests.lms import moodle as real
from tests.lms.people import CLASS

ADA, BILAL, CHIARA, *_ = CLASS
ANNAS = [member for member in CLASS if member.name == "Anna Smith"]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [*csv.DictReader(file)]


def record(student: str, number: int | str) -> Collected:
    return Collected(student=student, system="moodle", name=student, number=str(number))


@pytest.fixture
def course(tmp_path):
    course = graded(
        tmp_path / "course", "toy", verdict("ada", 5, 4), verdict("bilal", 2, None), verdict("anna", 1.5, 0)
    )
    collected.write(course.root, "toy", [record("ada", ADA.participant), record("bilal", BILAL.participant)])
    roster.write(
        course.root,
        {"anna": Person(student="anna", first_name="Anna", last_name="Smith", email=ANNAS[1].email)},
    )
    return course


def written(course, worksheet) -> tuple[list[dict[str, str]], list[str]]:
    path = course.root / "marks.csv"
    warnings = moodle.write(path, course, TOY, worksheet)
    return rows(path), warnings


def test_marks_fill_the_rows_of_their_students_and_nothing_else_changes(course, tmp_path):
    worksheet = real.worksheet(tmp_path / "w.csv", CLASS, {})

    found, warnings = written(course, worksheet)

    before = rows(worksheet)
    assert [{**row, "Grade": "", "Feedback comments": ""} for row in found] == before
    grades = {row["Email address"]: row["Grade"] for row in found if row["Grade"]}
    assert grades == {ADA.email: "9", BILAL.email: "2", ANNAS[1].email: "1.5"}
    assert warnings == ["toy: written answers of 1 of 3 students wait for a mark"]


def test_the_comment_lists_the_points_of_each_exercise(course, tmp_path):
    found, _ = written(course, real.worksheet(tmp_path / "w.csv", CLASS, {}))

    comments = {row["Email address"]: row["Feedback comments"] for row in found}
    assert comments[ADA.email] == "9 of 9 points: double 5 of 5, essay 4 of 4."
    assert comments[BILAL.email] == "2 of 9 points: double 2 of 5, essay to be marked of 4."
    assert comments[CHIARA.email] == ""


def test_the_comment_has_penalties_and_comments_of_people():
    result = verdict("ada", 5, 4)
    exercises = (result.exercises[0], replace(result.exercises[1], comment="Clear,\nwith “examples”."))

    told = moodle.told(replace(result, exercises=exercises, late_penalty=1.5))

    assert told == (
        "7.5 of 9 points, less 1.5 for being late: double 5 of 5, essay 4 of 4.\nessay: Clear,\nwith “examples”."
    )


def test_without_a_worksheet_the_collected_work_makes_one(course):
    found, warnings = written(course, None)

    assert [(row["Identifier"], row["Grade"]) for row in found] == [
        (f"Participant {ADA.participant}", "9"),
        (f"Participant {BILAL.participant}", "2"),
    ]
    assert {"Identifier", "Grade", "Last modified (grade)", "Feedback comments"} <= {*found[0]}
    assert "toy: not in the worksheet: anna" in warnings


def test_a_student_who_matches_two_rows_is_refused(course, tmp_path):
    roster.write(course.root, {"anna": Person(student="anna", first_name="Anna", last_name="Smith")})

    with pytest.raises(ExportError, match=r"anna smith matches several rows of the worksheet, or several students"):
        written(course, real.worksheet(tmp_path / "w.csv", CLASS, {}))


def test_a_student_missing_from_the_worksheet_is_reported(course, tmp_path):
    _, warnings = written(course, real.worksheet(tmp_path / "w.csv", [ADA], {}))

    assert "toy: not in the worksheet: anna, bilal" in warnings


def test_another_maximum_is_reported(course, tmp_path):
    _, warnings = written(course, real.worksheet(tmp_path / "w.csv", CLASS, {}, maximum="100.00"))

    assert any("the maximum grade in Moodle is 100, the assignment has 9 points" in warning for warning in warnings)


def test_a_participant_s_number_from_another_assignment_is_not_used(course, tmp_path):
    collected.write(course.root, "other", [record("bilal", ADA.participant)])

    found, _ = written(course, real.worksheet(tmp_path / "w.csv", CLASS, {}))

    assert {row["Email address"]: row["Grade"] for row in found}[ADA.email] == "9"


@pytest.mark.parametrize("text", ["", "Student,ID,Section\n", "ID;Bewertung\n"])
def test_another_table_is_refused(course, tmp_path, text):
    path = tmp_path / "w.csv"
    path.write_text(text)

    with pytest.raises(ExportError, match="not a grading worksheet of Moodle"):
        written(course, path)


def test_without_collected_work_a_worksheet_is_required(course):
    collected.write(course.root, "toy", [])

    with pytest.raises(ExportError, match="give the worksheet with --roster"):
        written(course, None)
