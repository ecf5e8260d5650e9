import csv
from dataclasses import replace

import pytest

from autograder.course.folder import Course
from autograder.errors import ExportError
from autograder.publish import spreadsheet
from tests.autograder.publish.classes import by_student, graded, verdict
from tests.autograder.toy import TOY

OTHER = replace(TOY, name="other")


def test_one_row_a_student_one_column_a_total_and_an_exercise():
    classes = {
        "toy": by_student(verdict("bilal", 2.5, 0), verdict("ada", 5)),
        "other": by_student(verdict("ada", 5, 3.5)),
    }

    assert spreadsheet.table([TOY, OTHER], classes) == [
        ["student", "toy (9)", "toy double (5)", "toy essay (4)", "other (9)", "other double (5)", "other essay (4)"],
        ["ada", "5", "5", "", "8.5", "5", "3.5"],
        ["bilal", "2.5", "2.5", "0", "", "", ""],
    ]


def test_the_late_penalty_has_a_column_if_a_student_has_one():
    late = replace(verdict("bilal", 2.5, 0), late_penalty=3)

    assert spreadsheet.table([TOY], {"toy": by_student(verdict("ada", 5), late)}) == [
        ["student", "toy (9)", "toy late penalty", "toy double (5)", "toy essay (4)"],
        ["ada", "5", "0", "5", ""],
        ["bilal", "0", "3", "2.5", "0"],
    ]


def test_an_exercise_missing_from_an_older_verdict_is_empty():
    older = replace(verdict("ada", 5), exercises=verdict("ada", 5).exercises[:1])

    assert spreadsheet.table([TOY], {"toy": by_student(older)})[1] == ["ada", "5", "5", ""]


@pytest.mark.parametrize("name", ['=HYPERLINK("x")', "+1", "-ada", "@SUM(A1)", "\tada", "\rada"])
def test_a_name_is_never_a_formula(name):
    assert spreadsheet.harmless(name) == f"'{name}"


def test_other_names_stay_as_they_are():
    assert spreadsheet.harmless("o'brien-smith") == "o'brien-smith"


def test_the_file_survives_commas_quotes_accents_and_excel(tmp_path):
    names = ["=1+1", 'a "b", c', "zoë"]
    course = graded(tmp_path / "course", "toy", *(verdict(name, 5, 4) for name in names))

    said = spreadsheet.write(tmp_path / "marks.csv", course, [TOY])

    assert said == []
    assert (tmp_path / "marks.csv").read_bytes().startswith(b"\xef\xbb\xbfstudent,")
    with (tmp_path / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [*csv.reader(file)]
    assert [row[0] for row in rows] == ["student", "'=1+1", 'a "b", c', "zoë"]
    assert {len(row) for row in rows} == {4}


def test_without_names_the_graded_assignments_are_exported(tmp_path):
    assert spreadsheet.graded(graded(tmp_path, "other"), [TOY, OTHER]) == [OTHER]
    with pytest.raises(ExportError, match="nothing has been graded"):
        spreadsheet.graded(Course(tmp_path / "empty"), [TOY])
