import pytest

from autograder.course import marks
from autograder.course.folder import Course
from autograder.errors import ExportError
from tests.autograder.publish.classes import by_student, graded, verdict


def test_the_verdicts_of_a_course_are_read_by_student(tmp_path):
    ada, bilal = verdict("ada", 5, 4), verdict("bilal", 2)

    assert marks.of(graded(tmp_path, "toy", ada, bilal), "toy") == {"ada": ada, "bilal": bilal}


def test_an_ungraded_assignment_cannot_be_exported(tmp_path):
    with pytest.raises(ExportError, match="run `autograder grade toy --course"):
        marks.of(Course(tmp_path), "toy")


@pytest.mark.parametrize(
    ("mark", "shown"), [(None, ""), (0, "0"), (29.0, "29"), (4.5, "4.5"), (10 / 3, "3.33"), (1234.5, "1234.5")]
)
def test_numbers_have_a_decimal_point_and_no_unit(mark, shown):
    assert marks.number(mark) == shown


def test_written_answers_without_a_mark_are_reported():
    classes = {"toy": by_student(verdict("ada", 5, 4), verdict("bilal", 2)), "em": by_student(verdict("ada", 1, 0))}

    assert marks.waiting(classes) == ["toy: written answers of 1 of 2 students wait for a mark"]
