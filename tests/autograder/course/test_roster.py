"""`roster.csv`: read as people and spreadsheets leave it, written without formulas."""

import pytest

from autograder.course import roster
from autograder.course.roster import Person
from autograder.errors import RosterError

PEOPLE = {
    "ada": Person(student="ada", last_name="Lovelace", first_name="Ada", canvas="11", more={"seat": "7"}),
    "zoë": Person(student="zoë", last_name="=cmd|' /C calc'!A0", first_name="'Abd", login="@zoe", number="-12"),
    "b": Person(student="b"),
}


def test_a_written_roster_is_read_back(tmp_path):
    roster.write(tmp_path, PEOPLE)

    found = roster.read(tmp_path)
    assert {
        name: (vars(person) | {"more": {"seat": person.more.get("seat", "")}}) for name, person in found.items()
    } == {name: (vars(person) | {"more": {"seat": person.more.get("seat", "")}}) for name, person in PEOPLE.items()}


def test_no_cell_is_a_formula(tmp_path):
    roster.write(tmp_path, PEOPLE)

    _, rows = roster.table(tmp_path / roster.NAME)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_a_course_without_a_roster(tmp_path):
    assert roster.read(tmp_path) == {}


@pytest.mark.parametrize("text", ["student;last_name\nzoe\u0308;Mu\u0308ller\n", "student\tlast_name\nzoë\tMüller\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_roster_that_a_spreadsheet_saved_is_read(tmp_path, text, encoding):
    (tmp_path / roster.NAME).write_text(text, encoding=encoding)

    assert roster.read(tmp_path) == {"zoë": Person(student="zoë", last_name="Müller")}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name,student\nAda,ada\n", "first column should be called 'student'"),
        ("", "first column should be called 'student'"),
        ("student,email\nada,\n,x@y\n", "line 3: the student has no name"),
        ("student\nada\nADA\n", "line 3: ADA appears twice"),
        ("student\nzoe\u0308\nzoë\n", "line 3: zoë appears twice"),
        ("student\n../ada\n", "no folder can be called '../ada'"),
        ("student\n.ada\n", "no folder can be called '.ada'"),
        ("student\na/b\n", "no folder can be called 'a/b'"),
    ],
)
def test_a_wrong_row_is_reported_with_its_line(tmp_path, text, says):
    (tmp_path / roster.NAME).write_text(text, encoding="utf-8")

    with pytest.raises(RosterError, match=says.replace(".", r"\.")):
        roster.read(tmp_path)


def test_students_are_shown_by_name_and_equal_names_with_the_course_s_name():
    people = {
        "anna": Person(student="anna", first_name="Anna", last_name="Smith"),
        "asmith": Person(student="asmith", first_name="anna", last_name="SMITH"),
        "ada": Person(student="ada", first_name="Ada", last_name="Lovelace"),
    }

    assert roster.shown(people, ["ada", "anna", "asmith", "noname"]) == {
        "ada": "Ada Lovelace",
        "anna": "Anna Smith (anna)",
        "asmith": "anna SMITH (asmith)",
        "noname": "noname",
    }


def test_new_details_fill_empty_fields_and_replace_group_and_enrolment():
    person = Person(student="ada", last_name="Lovelace", group="A", enrolled="no", more={"seat": "7"})
    news = Person(last_name="Byron", email="ada@x", group="B", enrolled="yes")

    assert roster.filled(person, news) == Person(
        student="ada", last_name="Lovelace", email="ada@x", group="B", enrolled="yes", more={"seat": "7"}
    )
