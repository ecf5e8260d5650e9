"""Class lists as the systems export them."""

from datetime import datetime

import pytest

from autograder.course.roster import Person
from autograder.errors import RosterError
from autograder.systems import lists
from tests.lms import canvas, moodle
from tests.lms.moodle import Row
from tests.lms.people import CLASS

ADA = CLASS[0]


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "list.csv"
    path.write_text(text, encoding=encoding)
    return path


def test_the_gradebook_of_canvas(tmp_path):
    found = lists.read(canvas.gradebook(tmp_path / "gradebook.csv", CLASS))

    assert len(found.rows) == len(CLASS)  # neither points, nor policies, nor the test student
    assert found.rows[0].person == Person(
        first_name="Ada",
        last_name="Lovelace",
        login=ADA.email,
        number=ADA.number,
        canvas=str(ADA.canvas),
        enrolled="yes",
    )


def test_the_groups_of_canvas(tmp_path):
    found = lists.read(canvas.groups(tmp_path / "groups.csv", [(ADA, "Engines, and more")]))

    assert found.kind.groups
    assert found.rows[0].person.group == "Engines, and more"
    assert found.rows[0].person.enrolled == ""


def test_the_worksheet_of_moodle(tmp_path):
    rows = {
        ADA.login: Row(
            status="Submitted for grading - 1 day 2 hours late - Graded",
            group="Group A",
            modified="Wednesday, 20 January 2027, 6:05 PM",
        )
    }
    found = lists.read(moodle.worksheet(tmp_path / "w.csv", CLASS, rows), zone="Europe/Berlin")

    ada, bilal, *_ = found.rows
    assert ada.number == str(ADA.participant)
    assert ada.handed_in == datetime(2027, 1, 20, 17, 5)
    assert ada.late is True
    assert ada.person == Person(
        first_name="Ada", last_name="Lovelace", email=ADA.email, number=ADA.number, group="Group A", enrolled="yes"
    )
    assert bilal.handed_in is None
    assert bilal.late is False


def test_an_anonymous_worksheet_of_moodle_names_nobody(tmp_path):
    (row,) = lists.read(written(tmp_path, "Identifier,Status,Grade\nParticipant 77,No submission,\n")).rows

    assert row.number == "77"
    assert row.person.name == ""


@pytest.mark.parametrize(
    ("text", "person"),
    [
        (
            "OrgDefinedId,Username,Last Name,First Name,Email,End-of-Line Indicator\n#400123,#doej,Doe,John,j@x.y,#\n",
            Person(number="400123", login="doej", last_name="Doe", first_name="John", email="j@x.y"),
        ),
        (
            "Last Name\tFirst Name\tUsername\tStudent ID\tLast Access\tAvailability\nDoe\tJohn\tdoej\t400123\t\tYes\n",
            Person(number="400123", login="doej", last_name="Doe", first_name="John"),
        ),
        (
            "First Name,Last Name,SID,Email,Role\nJohn,Doe,400123,j@x.y,Student\nTina,Assist,,t@x.y,TA\n",
            Person(number="400123", last_name="Doe", first_name="John", email="j@x.y"),
        ),
        (
            "Name,SID,Email\nJohn Doe,400123,j@x.y\n",
            Person(number="400123", last_name="Doe", first_name="John", email="j@x.y"),
        ),
        (
            "Last Name;First Name;Email Address\nDoe;John;j@x.y\n",
            Person(last_name="Doe", first_name="John", email="j@x.y"),
        ),
        (
            "First name,Last name,ID number,Email address,Groups\nJohn,Doe,400123,j@x.y,Lab 2\n",
            Person(number="400123", last_name="Doe", first_name="John", email="j@x.y", group="Lab 2"),
        ),
        (
            "student,last_name,first_name,canvas\ndoej,Doe,John,12\n",
            Person(student="doej", last_name="Doe", first_name="John", canvas="12"),
        ),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_other_lists(tmp_path, text, person, encoding):
    (row,) = lists.read(written(tmp_path, text, encoding)).rows

    assert row.person == Person(**{**vars(person), "enrolled": "yes"})


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "Exam,Mark\n1,2\n", "PK\x03\x04"])
def test_another_table_is_refused_with_its_columns(tmp_path, text):
    with pytest.raises(RosterError, match="not a known kind of class list"):
        lists.read(written(tmp_path, text))


@pytest.mark.parametrize("data", [b"\xff\xff\xff", b"\x89PNG\r\n\x1a\n\x00\xff", None])
def test_a_file_that_is_not_a_table_is_refused(tmp_path, data):
    path = tmp_path / "list.csv"
    if data:
        path.write_bytes(data)

    with pytest.raises(RosterError, match="cannot be read as a table"):
        lists.read(path)
