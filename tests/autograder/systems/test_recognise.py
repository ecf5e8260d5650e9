"""A download says where it comes from by the names inside."""

import pytest

from autograder.errors import DownloadError
from autograder.systems.download import opened
from autograder.systems.handin import Context
from autograder.systems.recognise import named, recognise
from tests.lms import canvas, moodle, zips
from tests.lms.people import CLASS

CONTEXT = Context(assignment="em", page="em.html")
DOWNLOADS = {
    "canvas": [canvas.entry(one.sortable, one.canvas, 9000 + one.canvas, "em.ipynb") for one in CLASS],
    "moodle": [f"{moodle.folder(one.name, one.participant)}/em.ipynb" for one in CLASS],
    "blackboard": [f"em_{one.login}_attempt_2027-01-20-18-00-00_em.ipynb" for one in CLASS],
    "brightspace": [f"{one.canvas}-7 - {one.name} - Jan 20, 2027 600 PM/em.ipynb" for one in CLASS],
    "gradescope": ["submission_metadata.yml", *(f"submission_{one.canvas}/em.ipynb" for one in CLASS)],
    "classroom": [f"{name} - em.ipynb" for name in sorted({one.name for one in CLASS})],
    "exchange": [f"{one.login}+em+2027-01-20 17:00:00.1 UTC+c2Vj/em.ipynb" for one in CLASS],
    "folder": [f"{one.login}.ipynb" for one in CLASS],
}


def recognised(tmp_path, names, system=None):
    with opened(zips.write(tmp_path / "em.zip", dict.fromkeys(names, "{}")), room=tmp_path) as download:
        return recognise(download, CONTEXT, system)


@pytest.mark.parametrize("system", DOWNLOADS)
@pytest.mark.parametrize("around", ["", "Em download/", "a/b/"])
def test_each_system_is_recognised_with_a_folder_around_everything_or_without(tmp_path, system, around):
    found = recognised(tmp_path, [f"{around}{name}" for name in DOWNLOADS[system]])

    assert found.system.name == system
    assert found.claimed == len(DOWNLOADS[system])
    assert found.strange == ()


@pytest.mark.parametrize("system", [name for name in DOWNLOADS if name != "folder"])
def test_a_few_strange_names_change_nothing_and_are_told(tmp_path, system):
    found = recognised(tmp_path, [*DOWNLOADS[system], "notes.docx", "grades.xlsx"])

    assert found.system.name == system
    assert found.strange == ("notes.docx", "grades.xlsx")


@pytest.mark.parametrize("system", [name for name in DOWNLOADS if name != "folder"])
def test_one_such_name_among_others_makes_a_plain_folder(tmp_path, system):
    found = recognised(tmp_path, [DOWNLOADS[system][-1], *DOWNLOADS["folder"]])

    assert found.system.name == "folder"


@pytest.mark.parametrize("system", DOWNLOADS)
def test_the_system_may_be_named(tmp_path, system):
    found = recognised(tmp_path, DOWNLOADS[system][:2], named(system))

    assert found.system.name == system


def test_no_system_has_another_name():
    with pytest.raises(DownloadError, match="there are: gradescope, moodle"):
        named("ilias")


@pytest.mark.parametrize(
    ("names", "inside"),
    [
        (["submitted/ada/em/em.ipynb"], ["ada/em/em.ipynb"]),
        (["class/ada/em/em.ipynb", "class/bilal/em/em.ipynb"], ["ada/em/em.ipynb", "bilal/em/em.ipynb"]),
        (["class/ada.ipynb", "class/bilal.ipynb"], ["ada.ipynb", "bilal.ipynb"]),
        (["em/ada.ipynb"], ["ada.ipynb"]),
        (["ada/em.ipynb", "ada/data.csv"], ["ada/em.ipynb", "ada/data.csv"]),
        (["ada/em.ipynb", "ada/em-Copy1.ipynb"], ["ada/em.ipynb", "ada/em-Copy1.ipynb"]),
    ],
)
def test_the_folder_around_a_class_is_no_student(tmp_path, names, inside):
    found = recognised(tmp_path, names)

    assert found.system.name == "folder"
    assert [*found.view.entries] == inside
