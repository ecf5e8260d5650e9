"""The names inside a download tell which system made it."""

import pytest

from autograder.errors import DownloadError
from autograder.systems.download import opened
from autograder.systems.handin import Context
from autograder.systems.recognise import named, recognise
from tests.lms import canvas, moodle, zips
from tests.lms.people import CLASS

CONTEXT = Context(assignment="em", page="em.html")
DOWNLOADS = {
    "canvas": [canvas.entry(member.sortable, member.canvas, 9000 + member.canvas, "em.ipynb") for member in CLASS],
    "moodle": [f"{moodle.folder(member.name, member.participant)}/em.ipynb" for member in CLASS],
    "blackboard": [f"em_{member.login}_attempt_2027-01-20-18-00-00_em.ipynb" for member in CLASS],
    "brightspace": [f"{member.canvas}-7 - {member.name} - Jan 20, 2027 600 PM/em.ipynb" for member in CLASS],
    "gradescope": ["submission_metadata.yml", *(f"submission_{member.canvas}/em.ipynb" for member in CLASS)],
    "classroom": [f"{name} - em.ipynb" for name in sorted({member.name for member in CLASS})],
    "exchange": [f"{member.login}+em+2027-01-20 17:00:00.1 UTC+c2Vj/em.ipynb" for member in CLASS],
    "folder": [f"{member.login}.ipynb" for member in CLASS],
}


def recognised(tmp_path, names, system=None):
    with opened(zips.write(tmp_path / "em.zip", dict.fromkeys(names, "{}")), room=tmp_path) as download:
        return recognise(download, CONTEXT, system)


@pytest.mark.parametrize("system", DOWNLOADS)
@pytest.mark.parametrize("around", ["", "Em download/", "a/b/"])
def test_each_system_is_recognised_with_and_without_a_folder_around_everything(tmp_path, system, around):
    found = recognised(tmp_path, [f"{around}{name}" for name in DOWNLOADS[system]])

    assert found.system.name == system
    assert found.claimed == len(DOWNLOADS[system])
    assert found.strange == ()


@pytest.mark.parametrize("system", [name for name in DOWNLOADS if name != "folder"])
def test_a_few_strange_names_are_reported_and_change_nothing(tmp_path, system):
    found = recognised(tmp_path, [*DOWNLOADS[system], "notes.docx", "grades.xlsx"])

    assert found.system.name == system
    assert found.strange == ("notes.docx", "grades.xlsx")


@pytest.mark.parametrize("system", [name for name in DOWNLOADS if name != "folder"])
def test_a_single_system_name_among_others_makes_a_plain_folder(tmp_path, system):
    found = recognised(tmp_path, [DOWNLOADS[system][-1], *DOWNLOADS["folder"]])

    assert found.system.name == "folder"


@pytest.mark.parametrize("system", DOWNLOADS)
def test_the_user_may_name_the_system(tmp_path, system):
    found = recognised(tmp_path, DOWNLOADS[system][:2], named(system))

    assert found.system.name == system


def test_an_unknown_system_is_refused():
    with pytest.raises(DownloadError, match="choose from gradescope, moodle"):
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
def test_the_folder_around_a_class_is_not_a_student(tmp_path, names, inside):
    found = recognised(tmp_path, names)

    assert found.system.name == "folder"
    assert [*found.view.entries] == inside
