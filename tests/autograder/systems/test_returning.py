"""The zip of pages: named as in the download if the system takes such a zip, else with a folder for each student."""

import json
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder.course import collected, roster
from autograder.course.collected import Collected
from autograder.course.folder import Course
from autograder.course.roster import Person
from autograder.errors import ReturnError
from autograder.systems import returning
from autograder.systems.pages import as_file
from autograder.systems.recognise import named

PAGE = "<!doctype html>\n<html><body>Feedback for <strong>%s</strong> “é” \u2028</body></html>\n"
RECORD = Collected(student="ada", system="canvas", name="lovelaceada", upload="lovelaceada_LATE_11_9001_em.ipynb")


@pytest.fixture
def course(tmp_path) -> Course:
    course = Course(tmp_path / "course")
    for student in ("ada", "bilal", "zoë"):
        page = course.feedback("em", student)
        page.parent.mkdir(parents=True)
        page.write_text(PAGE % student, encoding="utf-8")
    roster.write(course.root, {"ada": Person(student="ada", first_name="Ada", last_name="Lovelace/Byron")})
    return course


def written(course: Course, system: str) -> tuple[dict[str, bytes], returning.Returned]:
    path = course.root / "pages.zip"
    returned = returning.write(path, course, "em", named(system))
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}, returned


def record(course: Course, *records: Collected) -> None:
    collected.write(course.root, "em", records)


def other(student: str, upload: str, **more) -> Collected:
    return Collected(student=student, system=more.pop("system", "canvas"), name=student, upload=upload, **more)


def test_each_page_has_the_name_of_the_download_and_opens_there(course):
    record(course, RECORD, other("bilal", "khan_12_9002_em.zip"), other("zoë", "müllerzoë_13_text.html"))

    found, returned = written(course, "canvas")

    assert [*found] == sorted([RECORD.upload, "khan_12_9002_em.zip", "müllerzoë_13_text.html"])
    notebook = nbformat.reads(found[RECORD.upload].decode(), as_version=4)
    nbformat.validate(notebook)
    assert notebook.cells[1].outputs[0].data["text/html"] == PAGE % "ada"
    (course.root / "em.zip").write_bytes(found["khan_12_9002_em.zip"])
    with zipfile.ZipFile(course.root / "em.zip") as archive:
        assert archive.read("em.html").decode() == PAGE % "bilal"
    assert found["müllerzoë_13_text.html"].decode() == PAGE % "zoë"
    assert returned.warnings == ()


def test_moodle_and_brightspace_get_the_pages_themselves(course):
    path = "Ada Lovelace_77_assignsubmission_file_/em.html"
    record(course, other("ada", path, system="moodle"))

    found, returned = written(course, "moodle")

    assert found == {path: (PAGE % "ada").encode()}
    assert returned.warnings == ("not in the zip: bilal, zoë: the work did not come from moodle",)


@pytest.mark.parametrize("system", ["blackboard", "gradescope", "classroom", "exchange", "folder"])
def test_other_systems_get_a_folder_for_each_student(course, system):
    found, returned = written(course, system)

    assert found == {
        "Ada Lovelace-Byron (ada)/em.html": (PAGE % "ada").encode(),
        "bilal/em.html": (PAGE % "bilal").encode(),
        "zoë/em.html": (PAGE % "zoë").encode(),
    }
    assert returned.warnings == ()


def test_a_group_with_one_page_has_it_once(course):
    for student in ("ada", "bilal"):
        course.feedback("em", student).write_text(PAGE % "Ada, Bilal", encoding="utf-8")
    both = ("ada", "bilal")
    record(course, other("ada", "team_11_9001_em.pdf", group=both), other("bilal", "team_11_9001_em.pdf", group=both))

    found, returned = written(course, "canvas")

    assert found == {"team_11_9001_em.pdf": (PAGE % "Ada, Bilal").encode()}
    assert {*returned.paths} == {"ada", "bilal"}


def test_a_group_whose_members_pages_differ_gets_none(course):
    both = ("ada", "bilal")
    record(course, other("ada", "team_11_9001_em.pdf", group=both), other("bilal", "team_11_9001_em.pdf", group=both))

    found, returned = written(course, "canvas")

    assert found == {}
    assert "not in the zip: ada, bilal: the group gets one page, but its members' pages differ" in returned.warnings


def test_a_member_with_an_unknown_number_is_reported(course):
    both = ("ada", "bilal")
    record(
        course,
        other("ada", "Ada_7_assignsubmission_file/em.html", system="moodle", group=both),
        other("bilal", "", system="moodle", group=both),
    )

    found, returned = written(course, "moodle")

    assert [*found] == ["Ada_7_assignsubmission_file/em.html"]
    assert any("bilal: a group's page goes to each member" in warning for warning in returned.warnings)


def test_a_student_without_a_page_is_reported(course):
    record(course, RECORD, other("chiara", "nunez_14_9003_em.ipynb"))

    _, returned = written(course, "canvas")

    assert "not in the zip: chiara: no page yet, grade first" in returned.warnings


@pytest.mark.parametrize("system", ["canvas", "moodle", "brightspace"])
def test_without_a_collected_download_the_system_is_refused(course, system):
    with pytest.raises(ReturnError, match="collect the download from"):
        written(course, system)


def test_without_pages_there_is_nothing_to_return(tmp_path):
    with pytest.raises(ReturnError, match="run `autograder grade em"):
        returning.write(tmp_path / "pages.zip", Course(tmp_path), "em", named("canvas"))


def test_the_zip_is_the_same_each_time(course):
    record(course, RECORD)
    first = written(course, "canvas"), (course.root / "pages.zip").read_bytes()

    assert (written(course, "canvas"), (course.root / "pages.zip").read_bytes()) == first


@pytest.mark.parametrize("name", ["em.ipynb", "em-2.IPYNB", "em.ipynb.txt"])
def test_a_page_under_a_notebook_s_name_is_a_notebook(name):
    data = json.loads(as_file(PAGE % "ada", name, called="em.html"))

    assert "".join(data["cells"][1]["outputs"][0]["data"]["text/html"]) == PAGE % "ada"
    assert data["nbformat"] == 4


@pytest.mark.parametrize("name", ["em.pdf", "em.html", "em"])
def test_a_page_under_another_name_stays_html(name):
    assert as_file(PAGE % "ada", name, called="em.html") == (PAGE % "ada").encode()


def test_an_interrupted_command_leaves_no_zip(course, monkeypatch):
    record(course, RECORD)
    monkeypatch.setattr(returning.pages, "as_file", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        written(course, "canvas")

    assert not [path for path in Path(course.root).iterdir() if path.name == "pages.zip"]
