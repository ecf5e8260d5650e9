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
        return {one.name: one for one in system.read(views(download)[0], CONTEXT)}


def test_classroom_s_copies_have_the_name_before_the_assignment(tmp_path):
    found = read(tmp_path, classroom, ["Ada Lovelace - em.ipynb", "Zoë Müller - em (1).ipynb", "em.ipynb"])

    assert [*found] == ["Ada Lovelace", "Zoë Müller"]
    assert found["Ada Lovelace"].people[0].last_name == "Lovelace"
    assert not classroom.claims("em.ipynb", CONTEXT)


def test_a_title_with_a_hyphen_is_no_name(tmp_path):
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

    assert sorted(one.who for one in found) == ["ada", "ada", "b+c"]
    assert max(one.order for one in found if one.who == "ada") == datetime(2027, 1, 20, 17, 0, 0, 123456).isoformat()
    assert all([taken.name for taken in one.files] == ["em.ipynb"] for one in found)


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
def test_a_plain_folder_says_whose_by_the_first_name(tmp_path, names, students):
    found = read(tmp_path, folder, names)

    assert {*found} == students
    assert all("coffee" not in taken.name for one in found.values() for taken in one.files)


def test_what_lies_in_a_tree_of_nbgraders_is_called_as_it_is_there(tmp_path):
    found = read(tmp_path, folder, ["ada/em/em.ipynb", "ada/em/data/x.csv"])

    assert sorted(taken.name for taken in found["ada"].files) == ["data/x.csv", "em.ipynb"]
