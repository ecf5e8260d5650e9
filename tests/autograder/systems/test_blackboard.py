"""Blackboard's file names, with the text file of each attempt and without."""

from datetime import datetime

import pytest

from autograder.systems import blackboard
from autograder.systems.download import opened, views
from autograder.systems.handin import Context
from tests.lms import zips

TEXT = """\
Name: {name} ({login})
Assignment: Homework_1: mixtures
Date Submitted: {date}
Current Grade: Not yet graded

Submission Field:
Name: Somebody Else (boss)
Date Submitted: Friday, January 1, 2027 1:00:00 AM UTC

Comments:
There are no student comments for this submission.

Files:
\tOriginal filename: em.ipynb
\tFilename: Homework_1_{login}_attempt_2027-01-20-18-00-00_em.ipynb
"""


def read(tmp_path, files, zone="UTC"):
    with opened(zips.write(tmp_path / "gradebook.zip", files), room=tmp_path) as download:
        return blackboard.read(views(download)[0], Context(assignment="em", page="em.html", zone=zone))


def attempt(login, name="em.ipynb", time="2027-01-20-18-00-00"):
    return f"Homework_1_{login}_attempt_{time}_{name}"


def test_the_text_file_gives_the_student_and_the_time(tmp_path):
    text = TEXT.format(name="Ada Lovelace", login="a_love", date="Wednesday, January 20, 2027 6:00:00 PM CET")
    files = {attempt("a_love"): "{}", "Homework_1_a_love_attempt_2027-01-20-18-00-00.txt": text}

    (hand_in,) = read(tmp_path, files, "Europe/Berlin")

    assert hand_in.who == "a_love"
    assert (hand_in.people[0].first_name, hand_in.people[0].last_name) == ("Ada", "Lovelace")
    assert hand_in.handed_in == datetime(2027, 1, 20, 17)
    assert [taken.name for taken in hand_in.files] == ["em.ipynb"]


def test_text_that_the_student_typed_is_not_trusted(tmp_path):
    text = TEXT.format(name="Eve Poe", login="eve", date="Wednesday, January 20, 2027 6:00:00 PM UTC")

    (hand_in,) = read(tmp_path, {attempt("eve"): "{}", "Homework_1_eve_attempt_2027-01-20-18-00-00.txt": text})

    assert hand_in.people[0].login == "eve"
    assert hand_in.handed_in == datetime(2027, 1, 20, 18)


@pytest.mark.parametrize("logins", [("ada", "bilal"), ("s123", "s124"), ("a_b", "c_d"), ("ada", "ada2")])
def test_without_text_files_the_user_name_begins_where_the_file_names_differ(tmp_path, logins):
    found = read(tmp_path, {attempt(login): "{}" for login in logins})

    assert sorted(hand_in.people[0].login for hand_in in found) == sorted(logins)


def test_the_time_in_a_name_is_in_the_server_s_zone(tmp_path):
    (hand_in,) = read(tmp_path, {attempt("ada", time="2027-07-20-18-00-00"): "{}"}, "Europe/Berlin")

    assert hand_in.handed_in == datetime(2027, 7, 20, 16)


def test_each_attempt_is_a_hand_in_of_the_same_student(tmp_path):
    times = ("2027-01-20-18-00-00", "2027-01-19-09-30-00")

    found = read(tmp_path, {attempt("ada", time=time): "{}" for time in times})

    assert len({hand_in.who for hand_in in found}) == 1
    assert max(found, key=lambda hand_in: hand_in.order).handed_in == datetime(2027, 1, 20, 18)


def test_an_attempt_without_a_file_is_reported(tmp_path):
    text = TEXT.format(name="Ada Lovelace", login="ada", date="Wednesday, January 20, 2027 6:00:00 PM UTC")

    (hand_in,) = read(tmp_path, {"Homework_1_ada_attempt_2027-01-20-18-00-00.txt": text})

    assert hand_in.files == ()
    assert hand_in.problem == "no file was attached"
