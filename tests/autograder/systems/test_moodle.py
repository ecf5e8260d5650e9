"""Moodle's names, in folders and without, before 4.1 and since."""

import pytest

from autograder.course.roster import Person
from autograder.systems import moodle
from autograder.systems.download import opened, views
from autograder.systems.handin import Context
from tests.lms import moodle as real
from tests.lms import zips
from tests.lms.people import CLASS

CONTEXT = Context(assignment="em", page="em.html")


def read(tmp_path, names):
    path = zips.write(tmp_path / "moodle.zip", dict.fromkeys(names, "{}"))
    with opened(path, room=tmp_path) as download:
        return moodle.read(views(download)[0], CONTEXT)


FORMS = {
    "a folder": lambda name, number: f"{real.folder(name, number)}/em.ipynb",
    "a folder before 4.1": lambda name, number: f"{real.folder(name, number, old=True)}/em.ipynb",
    "a folder in it": lambda name, number: f"{real.folder(name, number)}/answers/em.ipynb",
    "no folders": lambda name, number: real.flat(name, number, "em_1_2.ipynb"),
}
UPLOADS = {
    "a folder": "Ada Lovelace_77_assignsubmission_file/em.html",
    "a folder before 4.1": "Ada Lovelace_77_assignsubmission_file_/em.html",
    "a folder in it": "Ada Lovelace_77_assignsubmission_file/em.html",
    "no folders": "Ada Lovelace_77_assignsubmission_file_em.html",
}


@pytest.mark.parametrize("form", FORMS)
def test_a_page_returns_to_the_place_of_the_submission(tmp_path, form):
    (hand_in,) = read(tmp_path, [FORMS[form]("Ada Lovelace", 77)])

    assert hand_in.name == "Ada Lovelace"
    assert hand_in.number == "77"
    assert hand_in.people == (Person(first_name="Ada", last_name="Lovelace"),)
    assert hand_in.upload == UPLOADS[form]
    assert real.participant(hand_in.upload) == 77
    assert hand_in.files[0].name in ("em.ipynb", "answers/em.ipynb", "em_1_2.ipynb")


@pytest.mark.parametrize("form", FORMS)
def test_every_student_s_name_is_read_as_moodle_reads_it(tmp_path, form):
    found = read(tmp_path, [FORMS[form](member.name, member.participant) for member in CLASS])

    assert [hand_in.number for hand_in in found] == [str(hand_in.participant) for hand_in in CLASS]
    assert [real.participant(hand_in.upload) for hand_in in found] == [hand_in.participant for hand_in in CLASS]
    assert len({hand_in.who for hand_in in found}) == len(CLASS)


def test_typed_text_belongs_to_the_files_and_the_page_lies_beside_the_files(tmp_path):
    names = [
        f"{real.folder('Ada Lovelace', 77, plugin='onlinetext')}/onlinetext.html",
        FORMS["a folder"]("Ada Lovelace", 77),
    ]

    (hand_in,) = read(tmp_path, names)

    assert sorted(taken.name for taken in hand_in.files) == ["em.ipynb", "onlinetext.html"]
    assert hand_in.upload == UPLOADS["a folder"]


def test_typed_text_alone_is_a_hand_in_too(tmp_path):
    (hand_in,) = read(tmp_path, [f"{real.folder('Ada Lovelace', 77, plugin='onlinetext')}/onlinetext.html"])

    assert hand_in.files
    assert real.participant(hand_in.upload) == 77


def test_a_name_that_everybody_has_is_anonymous(tmp_path):
    found = read(tmp_path, [f"{real.folder('Teilnehmer/in', number)}/em.ipynb" for number in (1, 2, 3)])

    assert all(hand_in.anonymous for hand_in in found)
    assert [hand_in.name for hand_in in found] == ["Teilnehmerin 1", "Teilnehmerin 2", "Teilnehmerin 3"]
    assert [real.participant(hand_in.upload) for hand_in in found] == [1, 2, 3]


def test_two_students_of_one_name_are_not_anonymous(tmp_path):
    found = read(tmp_path, [f"{real.folder('Anna Smith', number)}/em.ipynb" for number in (1, 2)])

    assert not any(hand_in.anonymous for hand_in in found)
    assert len({hand_in.who for hand_in in found}) == 2


def test_those_without_a_group_have_no_number(tmp_path):
    (hand_in,) = read(tmp_path, [f"{real.folder('Default group', '')}/em.ipynb"])

    assert hand_in.number == ""
    assert hand_in.upload == ""


def test_an_empty_folder_is_reported(tmp_path):
    (hand_in,) = read(tmp_path, [f"{real.folder('Ada Lovelace', 77)}/"])

    assert hand_in.files == ()
    assert hand_in.problem == "an empty folder"


@pytest.mark.parametrize("name", ["Under_Score Mc_Name", "Ann/Other", "X\\Y\tZ", "Ada Lovelace"])
def test_a_member_s_page_leads_to_the_number(name):
    path = moodle.member(Person(first_name=name), "123", CONTEXT)

    assert real.participant(path) == 123
    assert path.count("/") == 1


@pytest.mark.parametrize("name", ["em.ipynb", "Ada Lovelace_77_em.ipynb", "lovelaceada_12345_67890_em.ipynb"])
def test_other_names_are_not_from_moodle(name):
    assert not moodle.claims(name, CONTEXT)
