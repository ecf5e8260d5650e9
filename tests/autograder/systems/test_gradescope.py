"""Gradescope's export: a metadata file names the students of each folder."""

from datetime import datetime

import pytest

from autograder.errors import DownloadError
from autograder.systems import gradescope
from autograder.systems.download import opened, views
from autograder.systems.handin import Context
from tests.lms import zips

METADATA = """\
submission_101:
  :submitters:
  - :name: Ada Lovelace
    :sid: '100'
    :email: ada@uni.example
  :created_at: 2027-01-20 17:00:00.123456000 Z
  :score: 0.0
  :status: processed
  :history:
  - :id: 99
    :created_at: 2027-01-19 17:00:00.000000000 Z
submission_102:
  :submitters:
  - :name: Dan Roe
    :sid: '200'
    :email: dan@uni.example
  - :name: Eve Poe
    :sid: '201'
    :email: eve@uni.example
  :created_at: 2027-01-20 18:00:00 +0100
submission_103:
  :submitters:
  - :name: Zoë Müller
    :email: zoe@uni.example
submission_104:
  :submitters: []
"""


def read(tmp_path, files):
    with opened(zips.write(tmp_path / "export.zip", files), room=tmp_path) as download:
        return gradescope.read(views(download)[-1], Context(assignment="em", page="em.html"))


def exported(metadata=METADATA):
    below = {"submission_metadata.yml": metadata, "submission_101/em.ipynb": "{}", "submission_102/em.ipynb": "{}"}
    below |= {"submission_104/em.ipynb": "{}", "submission_105/em.ipynb": "{}"}
    return {f"assignment_7_export/{name}": content for name, content in below.items()}


def test_the_metadata_give_a_folder_s_student_and_time(tmp_path):
    found = {hand_in.name: hand_in for hand_in in read(tmp_path, exported())}

    ada = found["Ada Lovelace"]
    assert ada.handed_in == datetime(2027, 1, 20, 17, 0, 0, 123456)
    assert (ada.people[0].email, ada.people[0].number) == ("ada@uni.example", "100")
    assert [person.first_name for person in found["Dan Roe, Eve Poe"].people] == ["Dan", "Eve"]
    assert found["Dan Roe, Eve Poe"].handed_in == datetime(2027, 1, 20, 17)


def test_every_entry_is_collected_or_reported(tmp_path):
    found = {hand_in.name: hand_in for hand_in in read(tmp_path, exported())}

    assert found["Zoë Müller"].problem == "its folder has no file"
    for folder in ("submission_104", "submission_105"):
        assert found[folder].problem == "submission_metadata.yml does not name its student"


@pytest.mark.parametrize(
    "metadata", ["", "- a", "a: [", "!!python/object/apply:os.system ['true']", "? {a: b}\n: c", "\x00"]
)
def test_invalid_metadata_are_refused(tmp_path, metadata):
    with pytest.raises(DownloadError, match=r"submission_metadata\.yml"):
        read(tmp_path, exported(metadata))


@pytest.mark.parametrize(
    "said", ["submission_101: 3", "submission_101:\n  :submitters: 7", "submission_101:\n  :submitters: [1]"]
)
def test_an_invalid_list_of_people_names_nobody(tmp_path, said):
    found = {hand_in.name: hand_in for hand_in in read(tmp_path, exported(said))}

    assert found["submission_101"].people == ()


def test_without_metadata_nothing_is_read(tmp_path):
    with pytest.raises(DownloadError, match="is missing"):
        read(tmp_path, {"a/submission_101/em.ipynb": "{}"})
