from dataclasses import replace
from datetime import datetime

import pytest
from nbgrader.api import Gradebook

from autograder import exercises
from autograder.course import gradebook
from autograder.exercises import Written
from autograder.grading.results import ExerciseResult, Verdict

EM = exercises.load("em")


def verdict(student: str, share: float) -> Verdict:
    results = tuple(
        ExerciseResult(name=exercise.name, score=None, max_score=exercise.points, kind="manual")
        if isinstance(exercise, Written)
        else ExerciseResult(name=exercise.name, score=exercise.points * share, max_score=exercise.points)
        for exercise in EM.exercises
    )
    return Verdict(student=student, notebook="em.ipynb", status="graded", seconds=1, exercises=results)


@pytest.fixture
def book(course):
    def read() -> Gradebook:
        return Gradebook(f"sqlite:///{course.root / 'gradebook.db'}")

    return read


def test_nbgrader_sees_the_same_marks(course, book):
    gradebook.record(course, EM, [verdict("ada", 1), verdict("bo", 0.5)])

    with book() as read:
        assert read.find_submission("em", "ada").score == 32
        assert read.find_submission("em", "bo").score == 16
        assert read.find_assignment("em").max_score == EM.points
        assert read.find_submission("em", "ada").needs_manual_grade
        grades = {grade.name: grade for grade in read.find_submission("em", "ada").notebooks[0].grades}
        assert not grades["check_e_step"].needs_manual_grade
        assert grades["written_em"].needs_manual_grade


def test_a_manual_mark_survives_a_regrade_and_is_read_back(course, book):
    gradebook.record(course, EM, [verdict("ada", 0.5)])
    with book() as write:
        grade = write.find_grade("written_em", "em", "em", "ada")
        grade.manual_score, grade.needs_manual_grade = 4.5, False
        write.db.commit()

    (marked,) = gradebook.record(course, EM, [verdict("ada", 1)])

    assert marked.exercises[-1].score == 4.5
    assert marked.score == 36.5
    with book() as read:
        assert read.find_submission("em", "ada").score == 36.5


def enter(book, cell: str, **values: object) -> None:
    """Enter a mark as a person does in formgrader."""
    with book() as write:
        grade = write.find_grade(cell, "em", "em", "ada")
        for name, value in {"needs_manual_grade": False, **values}.items():
            setattr(grade, name, value)
        write.db.commit()


def test_a_person_overrules_the_kit(course, book):
    gradebook.record(course, EM, [verdict("ada", 0)])
    enter(book, "check_e_step", manual_score=3.0, extra_credit=0.5)
    with book() as write:
        write.find_comment("e_step", "em", "em", "ada").manual_comment = "By hand."
        write.db.commit()

    (marked,) = gradebook.record(course, EM, [verdict("ada", 0)])

    (e_step,) = (exercise for exercise in marked.exercises if exercise.name == "e_step")
    assert (e_step.score, e_step.by_hand, e_step.comment) == (3.5, True, "By hand.")
    assert marked.score == 3.5
    with book() as read:
        assert read.find_submission("em", "ada").score == 3.5


@pytest.mark.parametrize("anew", [False, True])
def test_marked_work_waits_for_a_second_look_only_if_it_was_judged_again(course, book, anew):
    gradebook.record(course, EM, [verdict("ada", 1)])
    enter(book, "written_em", manual_score=4.0)
    enter(book, "check_e_step", manual_score=4.0)

    gradebook.record(course, EM, [verdict("ada", 1)], anew={"ada"} if anew else ())

    with book() as read:
        waiting = {grade.name for grade in read.find_submission("em", "ada").notebooks[0].grades if _waits(grade)}
    assert waiting == ({"written_em", "check_e_step"} if anew else set())


def _waits(grade) -> bool:
    return grade.needs_manual_grade


LATE_BY_A_DAY = """
from nbgrader.plugins import LateSubmissionPlugin

class APointADay(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return total_seconds_late // 86400

c.AssignLatePenalties.plugin_class = APointADay
"""


@pytest.mark.parametrize(
    ("noted", "extension", "penalty"),
    [
        ("2026-12-03 12:00:00 UTC", 0, 2),
        ("2026-12-01 11:59:00 UTC", 0, 0),
        ("2026-12-03 12:00:00 UTC", 1, 1),
        ("soon", 0, 0),
        (None, 0, 0),
    ],
)
def test_late_work_is_penalised_as_nbgraders_settings_say(course, book, tmp_path, noted, extension, penalty):
    config = course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + LATE_BY_A_DAY)
    with book() as write:
        write.find_assignment("em").duedate = datetime(2026, 12, 1, 12)
        write.db.commit()
    if noted:
        (tmp_path / "timestamp.txt").write_text(noted)
    handed_in = replace(verdict("ada", 1), notebook=str(tmp_path / "em.ipynb"))
    gradebook.record(course, EM, [handed_in])
    with book() as write:
        write.grant_extension("em", "ada", days=extension)

    (marked,) = gradebook.record(course, EM, [handed_in])

    assert (marked.score, marked.late_penalty, marked.final_score) == (32, penalty, 32 - penalty)
    with book() as read:
        submission = read.find_submission("em", "ada")
        assert (submission.score, submission.late_submission_penalty or 0) == (32, penalty)


def test_recording_twice_changes_nothing(course, book):
    for _ in range(2):
        gradebook.record(course, EM, [verdict("ada", 1)])

    with book() as read:
        assert len(read.students) == 1
        assert len(read.assignment_submissions("em")) == 1
        assert read.find_submission("em", "ada").score == 32
