"""Google Classroom's folder, nbgrader's exchange, and plain folders."""

from datetime import datetime

import pytest

from autograder.systems import classroom, exchange, folder
from autograder.systems.download import opened, views
from autograder.systems.handin import Context
from tests.lms import zips

CONTEXT = Context(assignment="em", page="em.html")


def read(tmp_path, system, names):
    with opened(zips.write(tmp_path / "em.zip", dict.fromkeys(names, "{}")), room=tmp_path) as download:
        return {hand_in.name: hand_in for hand_in in system.read(views(download)[0], CONTEXT)}


def test_classroom_puts_the_student_s_name_before_the_assignment(tmp_path):
    found = read(tmp_path, classroom, ["Ada Lovelace - em.ipynb", "Zoë Müller - em (1).ipynb", "em.ipynb"])

    assert [*found] == ["Ada Lovelace", "Zoë Müller"]
    assert found["Ada Lovelace"].people[0].last_name == "Lovelace"
    assert not classroom.claims("em.ipynb", CONTEXT)


def test_a_title_with_a_hyphen_is_not_a_student_s_name(tmp_path):
    assert not classroom.claims("em - final.ipynb", CONTEXT)


def test_the_exchange_has_a_folder_for_each_attempt(tmp_path):
    names = [
        "ada+em+2027-01-20 17:00:00.123456 UTC+c2Vj/em.ipynb",
        "ada+em+2027-01-20 17:00:00.123456 UTC+c2Vj/timestamp.txt",
        "ada+em+2027-01-19 17:00:00.000000 UTC+YWJj/em.ipynb",
        "b+c+em+2027-01-20 17:00:00 UTC/em.ipynb",
        "ada+coffee+2027-01-20 17:00:00 UTC+YWJj/coffee.ipynb",
    ]
    with opened(zips.write(tmp_path / "em.zip", dict.fromkeys(names, "{}")), room=tmp_path) as download:
        found = exchange.read(views(download)[0], CONTEXT)

    assert sorted(hand_in.who for hand_in in found) == ["ada", "ada", "b+c"]
    assert (
        max(hand_in.order for hand_in in found if hand_in.who == "ada")
        == datetime(2027, 1, 20, 17, 0, 0, 123456).isoformat()
    )
    assert all([taken.name for taken in hand_in.files] == ["em.ipynb"] for hand_in in found)


@pytest.mark.parametrize(
    ("names", "students"),
    [
        (["ada.ipynb", "zoë.ipynb"], {"ada", "zoë"}),
        (["ada.ipynb", "ada-Copy1.ipynb", "bilal.ipynb.txt"], {"ada", "bilal"}),
        (["ada/em/em.ipynb", "ada/em/x.csv", "bilal/em/em.ipynb", "bilal/coffee/coffee.ipynb"], {"ada", "bilal"}),
        (["ada/work.ipynb", "bilal/"], {"ada", "bilal"}),
        (["ada.ipynb", "requirements.txt", "em.json"], {"ada"}),
    ],
)
def test_the_first_part_of_a_path_is_the_student_in_a_plain_folder(tmp_path, names, students):
    found = read(tmp_path, folder, names)

    assert {*found} == students
    assert all("coffee" not in taken.name for hand_in in found.values() for taken in hand_in.files)


def test_files_in_nbgrader_s_layout_keep_their_names(tmp_path):
    found = read(tmp_path, folder, ["ada/em/em.ipynb", "ada/em/data/x.csv"])

    assert sorted(taken.name for taken in found["ada"].files) == ["data/x.csv", "em.ipynb"]
