"""The marks of a class, as grading stored them in the course folder."""

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
        raise ExportError(f"{path} does not exist: run `autograder grade {assignment} --course {course.root}` first")
    return {verdict.student: verdict for verdict in results.read(path)}


def waiting(classes: dict[str, dict[str, Verdict]]) -> list[str]:
    """One sentence for each assignment that has written answers without a mark."""
    sentences = []
    for assignment, verdicts in classes.items():
        count = sum(any(exercise.score is None for exercise in verdict.exercises) for verdict in verdicts.values())
        if count:
            sentences.append(f"{assignment}: written answers of {count} of {len(verdicts)} students wait for a mark")
    return sentences


def number(mark: float | None) -> str:
    """A mark with a decimal point and no unit; an empty text if there is none."""
    return "" if mark is None else f"{round(mark, 2):g}"


def parsed(text: str) -> float | None:
    """Read a number of points, with a decimal point or comma; None if the text is not a number."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
