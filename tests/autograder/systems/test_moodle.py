"""Names as Moodle makes them, in folders and without, before 4.1 and since."""

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
def test_a_page_goes_back_beside_what_was_handed_in(tmp_path, form):
    (one,) = read(tmp_path, [FORMS[form]("Ada Lovelace", 77)])

    assert one.name == "Ada Lovelace"
    assert one.number == "77"
    assert one.people == (Person(first_name="Ada", last_name="Lovelace"),)
    assert one.upload == UPLOADS[form]
    assert real.participant(one.upload) == 77
    assert one.files[0].name in ("em.ipynb", "answers/em.ipynb", "em_1_2.ipynb")


@pytest.mark.parametrize("form", FORMS)
def test_each_of_the_class_is_read_as_moodle_reads_it(tmp_path, form):
    found = read(tmp_path, [FORMS[form](one.name, one.participant) for one in CLASS])

    assert [one.number for one in found] == [str(one.participant) for one in CLASS]
    assert [real.participant(one.upload) for one in found] == [one.participant for one in CLASS]
    assert len({one.who for one in found}) == len(CLASS)


def test_typed_text_goes_with_the_files_and_the_page_lies_with_the_files(tmp_path):
    names = [
        f"{real.folder('Ada Lovelace', 77, plugin='onlinetext')}/onlinetext.html",
        FORMS["a folder"]("Ada Lovelace", 77),
    ]

    (one,) = read(tmp_path, names)

    assert sorted(taken.name for taken in one.files) == ["em.ipynb", "onlinetext.html"]
    assert one.upload == UPLOADS["a folder"]


def test_typed_text_alone_is_a_hand_in_too(tmp_path):
    (one,) = read(tmp_path, [f"{real.folder('Ada Lovelace', 77, plugin='onlinetext')}/onlinetext.html"])

    assert one.files
    assert real.participant(one.upload) == 77


def test_a_name_that_everybody_has_hides_who_it_is(tmp_path):
    found = read(tmp_path, [f"{real.folder('Teilnehmer/in', number)}/em.ipynb" for number in (1, 2, 3)])

    assert all(one.anonymous for one in found)
    assert [one.name for one in found] == ["Teilnehmerin 1", "Teilnehmerin 2", "Teilnehmerin 3"]
    assert [real.participant(one.upload) for one in found] == [1, 2, 3]


def test_two_who_are_called_alike_hide_nothing(tmp_path):
    found = read(tmp_path, [f"{real.folder('Anna Smith', number)}/em.ipynb" for number in (1, 2)])

    assert not any(one.anonymous for one in found)
    assert len({one.who for one in found}) == 2


def test_those_without_a_group_have_no_number(tmp_path):
    (one,) = read(tmp_path, [f"{real.folder('Default group', '')}/em.ipynb"])

    assert one.number == ""
    assert one.upload == ""


def test_an_empty_folder_is_told(tmp_path):
    (one,) = read(tmp_path, [f"{real.folder('Ada Lovelace', 77)}/"])

    assert one.files == ()
    assert one.problem == "an empty folder"


@pytest.mark.parametrize("name", ["Under_Score Mc_Name", "Ann/Other", "X\\Y\tZ", "Ada Lovelace"])
def test_a_member_s_page_leads_to_the_number(name):
    path = moodle.member(Person(first_name=name), "123", CONTEXT)

    assert real.participant(path) == 123
    assert path.count("/") == 1


@pytest.mark.parametrize("name", ["em.ipynb", "Ada Lovelace_77_em.ipynb", "lovelaceada_12345_67890_em.ipynb"])
def test_other_names_are_not_moodle_s(name):
    assert not moodle.claims(name, CONTEXT)
