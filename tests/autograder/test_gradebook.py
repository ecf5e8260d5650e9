import pytest
from nbgrader.api import Gradebook

from autograder import exercises, gradebook
from autograder.exercises import Written
from autograder.results import ExerciseResult, Verdict

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
        assert read.find_submission("em", "ada").score == 29
        assert read.find_submission("em", "bo").score == 14.5
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
    assert marked.score == 33.5
    with book() as read:
        assert read.find_submission("em", "ada").score == 33.5


def test_recording_twice_changes_nothing(course, book):
    for _ in range(2):
        gradebook.record(course, EM, [verdict("ada", 1)])

    with book() as read:
        assert len(read.students) == 1
        assert len(read.assignment_submissions("em")) == 1
        assert read.find_submission("em", "ada").score == 29
