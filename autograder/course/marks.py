"""The marks of a class, as grading left them in a course folder."""

from autograder.course.folder import Course
from autograder.errors import ExportError
from autograder.grading import results
from autograder.grading.results import Verdict


def of(course: Course, assignment: str) -> dict[str, Verdict]:
    """The verdicts on an assignment, by student.

    Raises:
        ExportError: the assignment has not been graded in this course.
    """
    path = course.results(assignment)
    if not path.exists():
        raise ExportError(f"{path} is not there: run `autograder grade {assignment} --course {course.root}` first")
    return {verdict.student: verdict for verdict in results.read(path)}


def waiting(classes: dict[str, dict[str, Verdict]]) -> list[str]:
    """A sentence for each assignment of which written answers are not marked yet."""
    sentences = []
    for assignment, verdicts in classes.items():
        count = sum(any(one.score is None for one in verdict.exercises) for verdict in verdicts.values())
        if count:
            sentences.append(f"{assignment}: written answers of {count} of {len(verdicts)} students wait for a mark")
    return sentences


def number(mark: float | None) -> str:
    """A mark with a decimal point and nothing else; an empty text for none."""
    return "" if mark is None else f"{round(mark, 2):g}"
