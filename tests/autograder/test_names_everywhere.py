"""A name is the same in both of Unicode's forms: in course folders, the gradebook, verdicts, rosters and exports."""

import json
import unicodedata

import pytest
from nbgrader.api import Gradebook

from autograder.course import gradebook, marks, verdicts
from autograder.publish import canvas, spreadsheet
from autograder.submissions.locate import Submission
from tests.autograder import toy
from tests.autograder.publish.classes import graded, verdict

NFC, NFD = (unicodedata.normalize(form, "zoë") for form in ("NFC", "NFD"))
FORMS = pytest.mark.parametrize("form", [NFC, NFD], ids=["NFC", "NFD"])


@FORMS
def test_a_students_folders_are_found_under_either_form(tmp_path, form):
    course = graded(tmp_path, "toy")
    for path in ("autograded", "feedback"):
        (tmp_path / path / form).mkdir(parents=True)

    for asked in (NFC, NFD):
        assert course.autograded("toy", asked).parts[-3] == form
        assert course.feedback("toy", asked).parts[-3] == form


@FORMS
def test_a_verdict_is_found_under_either_form(tmp_path, form):
    course, path = graded(tmp_path / "course", "toy"), tmp_path / "zoe.ipynb"
    path.touch()
    verdicts.keep(course, "toy", Submission(form, path), verdict(form, 3))

    for asked in (NFC, NFD):
        stands = verdicts.current(course, "toy", Submission(asked, path))
        assert stands
        assert (stands.student, stands.score) == (NFC, 3)
        assert len(verdicts.history(course, "toy", asked)) == 1
    for count, asked in enumerate((NFC, NFD), start=2):
        verdicts.keep(course, "toy", Submission(asked, path), verdict(asked, 4))
        assert len(verdicts.history(course, "toy", NFC)) == count
    assert [file.stem for file in course.verdicts("toy")] == [form]
    assert list(verdicts.latest(course, "toy")) == [NFC]


@FORMS
def test_recorded_marks_are_found_under_either_form(tmp_path, form):
    course = graded(tmp_path / "course", "toy")
    verdicts.keep_recorded(course, "toy", {form: "1"})
    verdicts.keep_recorded(course, "toy", {NFC: "2"})

    assert verdicts.recorded(course, "toy") == {NFC: "2"}


@FORMS
def test_the_gradebook_has_a_student_once(toy_course, form):
    address = f"sqlite:///{toy_course.root / 'gradebook.db'}"
    with Gradebook(address) as book:
        book.add_student(form)

    gradebook.record(toy_course, toy.TOY, [verdict(NFC, 3)], anew={NFC})
    (marked,) = gradebook.record(toy_course, toy.TOY, [verdict(NFC, 3)], anew={NFC})

    assert (marked.student, marked.score) == (NFC, 3)
    with Gradebook(address) as book:
        assert [student.id for student in book.students] == [form]
        assert book.find_submission("toy", form).score == 3


@FORMS
def test_a_roster_has_a_student_under_either_form(form):
    roster = canvas.Roster(
        delimiter=",",
        header=("Student", "ID", "SIS Login ID", "Section", f"{form} (7)"),
        identity=4,
        students=(("Zoë", "1", f" {form.upper()}@uni.example", "A", ""),),
        possible=("",) * 5,
    )

    for asked in (NFC, NFD, NFD.title()):
        assert canvas.match(roster, [asked]) == {0: asked}


def test_exports_have_one_row_even_if_older_results_have_another_form(tmp_path):
    course = graded(tmp_path, "toy", verdict(NFC, 5))
    path = course.results("toy")
    path.write_text(path.read_text().replace(json.dumps(NFC)[1:-1], json.dumps(NFD)[1:-1]))

    classes = {"toy": marks.of(course, "toy"), "other": {NFC: verdict(NFC, 3)}}

    assert list(classes["toy"]) == [NFC]
    assert [row[0] for row in spreadsheet.table([toy.TOY], classes)] == ["student", NFC]
