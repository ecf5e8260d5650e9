"""Rosters as Canvas exports them: posting policies, points, the test student, read-only columns."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.course.roster import Person
from autograder.errors import ExportError
from autograder.publish import canvas
from tests.autograder.publish.classes import by_student, graded, verdict
from tests.autograder.toy import TOY

OTHER = replace(TOY, name="other", title="Other, and more")
HEADER = [
    *("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
    *("Essay 1 (301)", "Toy (302)", "Assignments Current Points", "Final Score (read only)", "Final Score"),
]
READ_ONLY = "(read only)"
STUDENTS = [
    ["Lovelace, Ada", "11", "S-100", "ada", "GMM-1", "7", "", "7", "7", "70.5"],
    ["Khan, Bilal", "12", "S-101", "Bilal@uni.example", "GMM-1 and GMM-2", "8", "3", "8", "8", ""],
    ["Núñez, Chiara", "13", "S-102", "x77", "GMM-2", "9", "EX", "9", "9", ""],
    ["Student, Test", "99", "", "a3f5c0", "GMM-1", "", "", "", "", ""],
]
GRADEBOOK = [
    HEADER,
    ["", "", "", "", "", "Manual Posting", "", READ_ONLY, READ_ONLY, READ_ONLY],
    ["    Points Possible", "", "", "", "", "10.0", "9.0", READ_ONLY, READ_ONLY, READ_ONLY],
    *STUDENTS,
]


def exported(path: Path, rows: list[list[str]] = GRADEBOOK, *, delimiter=",", encoding="utf-8", end="\r\n") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter, lineterminator=end).writerows(rows)
    return path


@pytest.fixture
def roster(tmp_path) -> canvas.Roster:
    return canvas.read(exported(tmp_path / "roster.csv"))


@pytest.mark.parametrize(
    "form",
    [{}, {"encoding": "utf-8-sig"}, {"delimiter": ";"}, {"delimiter": ";", "encoding": "utf-8-sig"}, {"end": "\n"}],
)
def test_every_form_of_the_file_is_read(tmp_path, form):
    roster = canvas.read(exported(tmp_path / "roster.csv", **form))

    assert roster.header == tuple(HEADER)
    assert roster.students == tuple(map(tuple, STUDENTS))
    assert roster.possible[6] == "9.0"
    assert roster.identity == 5


def test_short_rows_are_filled_up(tmp_path):
    roster = canvas.read(exported(tmp_path / "roster.csv", [HEADER, STUDENTS[0][:5]]))

    assert roster.students == (("Lovelace, Ada", "11", "S-100", "ada", "GMM-1", "", "", "", "", ""),)


@pytest.mark.parametrize("content", [b"", b"name,mark\nada,3\n", b"Student;Mark\nada;3\n", b"\xff\xfe\x00", None])
def test_a_file_that_is_not_a_canvas_gradebook_is_refused(tmp_path, content):
    path = tmp_path / "roster.csv"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(ExportError, match="Export Entire Gradebook"):
        canvas.read(path)


def test_marks_fill_the_existing_column_and_the_rows_stay(roster):
    merged = canvas.merge(roster, [TOY], {"toy": by_student(verdict("ada", 5, 3.5), verdict("bilal", 2))})

    assert merged.rows == (
        ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Toy (302)"),
        ("    Points Possible", "", "", "", "", "9"),
        ("Lovelace, Ada", "11", "S-100", "ada", "GMM-1", "8.5"),
        ("Khan, Bilal", "12", "S-101", "Bilal@uni.example", "GMM-1 and GMM-2", "2"),
        ("Núñez, Chiara", "13", "S-102", "x77", "GMM-2", "EX"),
        ("Student, Test", "99", "", "a3f5c0", "GMM-1", ""),
    )
    assert merged.warnings == ()


def test_the_late_penalty_is_subtracted(roster):
    late = replace(verdict("ada", 5, 3.5), late_penalty=2)

    assert canvas.merge(roster, [TOY], {"toy": by_student(late)}).rows[2][5] == "6.5"


def test_an_assignment_that_canvas_does_not_know_gets_a_new_column(roster):
    classes = {"other": by_student(verdict("ada", 5, 4)), "toy": by_student(verdict("x77", 1, 1))}

    merged = canvas.merge(roster, [OTHER, TOY], classes)

    assert [row[5:] for row in merged.rows] == [
        ("Other, and more", "Toy (302)"),
        ("9", "9"),
        ("9", ""),
        ("", "3"),
        ("", "2"),
        ("", ""),
    ]
    assert merged.warnings == (
        "other: no column of the roster is called 'Other, and more' or 'other'; Canvas will ask about a new one",
    )


@pytest.mark.parametrize("title", ["Toy (302)", "toy (302)", "TOY  (302)"])
def test_the_column_is_found_by_title_or_name(tmp_path, title):
    header = [title if cell == "Toy (302)" else cell for cell in HEADER]

    merged = canvas.merge(
        canvas.read(exported(tmp_path / "roster.csv", [header, *STUDENTS])),
        [replace(TOY, title="A toy")],
        {"toy": by_student(verdict("ada", 5))},
    )

    assert merged.rows[0][5] == title


def test_two_columns_for_one_assignment_are_refused(tmp_path):
    header = ["toy (7)" if cell == "Essay 1 (301)" else cell for cell in HEADER]
    roster = canvas.read(exported(tmp_path / "roster.csv", [header, *STUDENTS]))

    with pytest.raises(ExportError, match=r"two columns of the roster are for toy: toy \(7\) and Toy \(302\)"):
        canvas.merge(roster, [TOY], {"toy": {}})


@pytest.mark.parametrize(
    ("student", "row"),
    [
        ("ada", 0),
        ("ADA", 0),
        ("S-101", 1),
        ("12", 1),
        ("bilal", 1),
        ("bilal@uni.example", 1),
        ("x77", 2),
        ("eve", None),
    ],
)
def test_students_are_matched_by_each_of_their_ids(roster, student, row):
    assert canvas.match(roster, [student]) == ({} if row is None else {row: student})


def test_a_login_counts_before_the_number_of_another(tmp_path):
    rows = [["A", "1", "", "2", "S"], ["B", "2", "", "1", "S"]]
    roster = canvas.read(exported(tmp_path / "roster.csv", [HEADER[:5], *rows]))

    assert canvas.match(roster, ["1", "2"]) == {1: "1", 0: "2"}


def test_a_name_that_two_students_share_is_left_out(tmp_path):
    rows = [["A", "1", "", "ada@a.example", "S"], ["B", "2", "", "ada@b.example", "S"]]
    roster = canvas.read(exported(tmp_path / "roster.csv", [HEADER[:5], *rows]))

    merged = canvas.merge(roster, [TOY], {"toy": by_student(verdict("ada", 5))})

    assert "toy: not in the roster: ada" in merged.warnings
    assert [row[5] for row in merged.rows[2:]] == ["", ""]


def test_two_submissions_of_one_student_are_refused(roster):
    with pytest.raises(ExportError, match="S-100 and ada both belong to Lovelace, Ada"):
        canvas.match(roster, ["S-100", "ada"])


def test_missing_students_and_other_maxima_are_reported(tmp_path):
    rows = [["25.00" if cell == "9.0" else cell for cell in row] for row in GRADEBOOK]
    roster = canvas.read(exported(tmp_path / "roster.csv", rows))

    merged = canvas.merge(roster, [TOY], {"toy": by_student(verdict("zoe", 5), verdict("eve", 5), verdict("ada", 5))})

    assert merged.warnings == (
        "toy: not in the roster: eve, zoe",
        "toy: the column in Canvas has 25.00 points, the assignment 9; marks are not rescaled",
    )


def test_the_file_has_the_form_of_the_roster(tmp_path):
    course = graded(tmp_path / "course", "toy", verdict("ada", 5))
    roster = exported(tmp_path / "roster.csv", delimiter=";", encoding="utf-8-sig")

    said = canvas.write(tmp_path / "out.csv", course, [TOY], roster)

    lines = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "Student;ID;SIS User ID;SIS Login ID;Section;Toy (302)"
    assert lines[1] == "    Points Possible;;;;;9"
    assert lines[2] == "Lovelace, Ada;11;S-100;ada;GMM-1;5"
    assert said == ["toy: written answers of 1 of 1 students wait for a mark"]


def test_a_student_in_the_roster_is_found_by_the_canvas_number(roster):
    known = {
        "the countess": Person(student="the countess", canvas="11"),
        "ada": Person(student="ada", canvas="12"),  # another student's login
        "x": Person(student="x", number="s-102"),
    }

    assert canvas.match(roster, [*known], known) == {0: "the countess", 1: "ada", 2: "x"}


def test_a_student_in_the_roster_without_a_canvas_number_is_found_by_name(roster):
    assert canvas.match(roster, ["ada"], {"ada": Person(student="ada", first_name="Ada")}) == {0: "ada"}
