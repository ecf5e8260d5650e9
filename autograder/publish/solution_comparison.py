"""A student's answers beside the solutions, for a regrade request: one self-contained page, without hidden cases."""

from dataclasses import dataclass
from pathlib import Path

from autograder.course import gradebook, verdicts
from autograder.course.folder import Course
from autograder.errors import NoNotebook, NoVerdict, UnreadableNotebook
from autograder.exercises import Assignment
from autograder.files import write_atomically
from autograder.grading.results import ExerciseResult
from autograder.notebooks import build
from autograder.publish import feedback, texts
from autograder.submissions.read import read_cells


@dataclass(frozen=True)
class Pair:
    """One exercise, with both answers as HTML."""

    result: ExerciseResult
    answer: str
    solution: str


def write(course: Course, assignment: Assignment, student: str, out: Path) -> Path:
    """Write the page of one student.

    Raises:
        NoVerdict: the student's work has not been graded.
        NoNotebook: there is a verdict, but the notebook can no longer be read.
    """
    history = verdicts.history(course, assignment.name, student)
    if not history:
        raise NoVerdict(f"{student} has no verdict for {assignment.name} in {course.root}: grade it first")
    (verdict,) = gradebook.record(course, assignment, [history[-1].verdict])
    try:
        cells = read_cells(Path(verdict.notebook), course.released_cells(assignment.name))
    except UnreadableNotebook as reason:
        raise NoNotebook(f"the notebook of {student}, {verdict.notebook}, cannot be read: {reason}") from reason
    right = {cell.id: cell.source for cell in build.solution_notebook(assignment).cells}
    written = {question.name for question in assignment.written}

    def pair(result: ExerciseResult) -> Pair:
        mine = "\n\n".join(cell.source for cell in cells if cell.grade_id == result.name)
        shown = texts.prose if result.name in written else texts.code
        return Pair(result, shown(mine), shown(right[result.name]))

    page = feedback.templates().get_template("side_by_side.html").render(
        assignment=assignment,
        verdict=verdict,
        pairs=[pair(result) for result in verdict.exercises],
        colours=texts.colours(),
    )  # fmt: skip
    path = out / assignment.name / f"{student}.html"
    write_atomically(path, page)
    return path
