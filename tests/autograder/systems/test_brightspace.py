"""Brightspace's names of folders and files."""

from datetime import datetime

import pytest

from autograder.systems import brightspace
from autograder.systems.brightspace import moment
from autograder.systems.download import opened, views
from autograder.systems.handin import Context
from tests.lms import zips
from tests.lms.people import CLASS

CONTEXT = Context(assignment="em", page="em.html")


def read(tmp_path, names):
    with opened(zips.write(tmp_path / "em.zip", dict.fromkeys(names, "{}")), room=tmp_path) as download:
        return brightspace.read(views(download)[0], CONTEXT)


def test_a_folder_gives_the_student_the_time_and_the_place_of_the_page(tmp_path):
    folder = "152711-351765 - Ada Lovelace - Jan 20, 2027 600 PM"

    (hand_in,) = read(tmp_path, [f"{folder}/em.ipynb", f"{folder}/data/x.csv", "index.html"])

    assert hand_in.name == "Ada Lovelace"
    assert hand_in.handed_in == datetime(2027, 1, 20, 18)
    assert sorted(taken.name for taken in hand_in.files) == ["data/x.csv", "em.ipynb"]
    assert hand_in.upload == f"{folder}/em.html"


def test_a_file_without_a_folder(tmp_path):
    (hand_in,) = read(tmp_path, ["13394-80551 - Eric Gillotti - Mar 29, 2018 1205 PM - EGillotti - em.ipynb"])

    assert hand_in.name == "Eric Gillotti"
    assert hand_in.handed_in == datetime(2018, 3, 29, 12, 5)
    assert hand_in.files[0].name == "EGillotti - em.ipynb"
    assert hand_in.upload == "13394-80551 - Eric Gillotti - Mar 29, 2018 1205 PM - em.html"


def test_two_attempts_of_each_student_are_read(tmp_path):
    folders = [
        f"{place}-9 - {member.name.replace('_', ' ')} - {day} 2027 {clock}"
        for place, member in enumerate(CLASS, start=100)
        for day, clock in (("Jan 20,", "600 PM"), ("Jan 19,", "1130 AM"))
    ]

    found = read(tmp_path, [f"{folder}/em.ipynb" for folder in folders])

    assert len(found) == 2 * len(CLASS)
    assert len({hand_in.who for hand_in in found}) == len(CLASS)
    assert {hand_in.handed_in for hand_in in found} == {datetime(2027, 1, 20, 18), datetime(2027, 1, 19, 11, 30)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jan 20, 2027 600 PM", datetime(2027, 1, 20, 18)),
        ("January 20, 2027 6:00 PM", datetime(2027, 1, 20, 18)),
        ("Jan 20, 2027 1200 AM", datetime(2027, 1, 20, 0)),
        ("Jan 20, 2027 1205 PM", datetime(2027, 1, 20, 12, 5)),
        ("20 January, 2027 605 AM", datetime(2027, 1, 20, 6, 5)),
        ("20 January 2027 1805", datetime(2027, 1, 20, 18, 5)),
        ("some day", None),
        ("Smarch 20, 2027 600 PM", None),
        ("Jan 20, 2027 2575", None),
    ],
)
def test_times_are_read_in_all_known_forms(text, expected):
    assert moment(text, "UTC") == expected


def test_a_time_is_in_the_given_zone():
    assert moment("Jan 20, 2027 600 PM", "America/Toronto") == datetime(2027, 1, 20, 23)
