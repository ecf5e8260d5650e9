"""Marks in nbgrader's gradebook: the kit writes automatic scores, a person what goes beyond them."""

from collections.abc import Collection, Iterable
from datetime import datetime

from nbconvert.exporters.exporter import ResourcesDict
from nbformat.v4 import new_notebook
from nbgrader.api import BaseCell, Student
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties

from autograder.course.database import opened
from autograder.course.folder import Course
from autograder.exercises import Assignment
from autograder.grading.results import ExerciseResult, Mark, Verdict
from autograder.notebooks.released import check_id
from autograder.submissions import times
from autograder.submissions.names import normal


def record(
    course: Course, assignment: Assignment, verdicts: Iterable[Verdict], *, anew: Collection[str] = ()
) -> list[Verdict]:
    """Write the automatic scores of a class, and return its verdicts with what the gradebook adds to them.

    A student is one transaction: either all scores of a verdict are in the gradebook or none. What a person has
    entered is left as it is. Late penalties are those of nbgrader's settings. A verdict has a warning where the time at
    which the work was handed in is noted, but cannot be understood.

    Args:
        anew: the students whose work was judged anew. Where a person has marked it, it waits for a second look.

    Raises:
        GradebookError: the database that the course's settings name cannot be used.
    """
    config = course.config()
    settings = CourseDirectory(config=config)
    penalties = AssignLatePenalties(config=config)
    with opened(settings) as gradebook:
        # Asked of each grade and comment, its cell's name would be a query for every one of them.
        names = dict(map(tuple, gradebook.db.query(BaseCell.id, BaseCell.name)))
        known = {row.id for row in gradebook.db.query(Student.id)}
        by_name = {normal(name): name for name in known}
        zone = config.Exchange.get("timezone", "UTC")

        def record_one(verdict: Verdict) -> Verdict:
            # Under the name that the gradebook has, which may be in another form.
            student = verdict.student if verdict.student in known else by_name.get(verdict.student, verdict.student)
            gradebook.update_or_create_student(student)
            submission = gradebook.update_or_create_submission(assignment.name, student)
            handed_in, problem = times.noted(verdict.place, zone=zone)
            _note_time(submission, handed_in)
            (notebook,) = (one for one in submission.notebooks if one.name == assignment.name)
            grades = {names[grade.cell_id]: grade for grade in notebook.grades}
            comments = {names[comment.cell_id]: comment for comment in notebook.comments}
            marks = {}
            for exercise in verdict.exercises:
                grade = grades[_cell(exercise)]
                _enter(grade, exercise, anew=verdict.student in anew)
                marks[exercise.name] = Mark(
                    score=grade.manual_score,
                    extra=grade.extra_credit or 0.0,
                    comment=comments[exercise.name].manual_comment or "",
                )
            gradebook.db.commit()
            if submission.total_seconds_late > 0 or notebook.late_submission_penalty:
                whose = {"notebook": assignment.name, "assignment": assignment.name, "student": student}
                resources = ResourcesDict(nbgrader=whose | {"db_url": settings.db_url})
                penalties.preprocess(new_notebook(), resources)
                gradebook.db.refresh(notebook)
            return verdict.with_marks(
                marks,
                late_penalty=notebook.late_submission_penalty or 0.0,
                warnings=(problem,) if problem else (),
            )

        return [record_one(verdict) for verdict in verdicts]


def _note_time(submission, handed_in: datetime | None) -> None:
    if handed_in:
        submission.timestamp = handed_in


def _enter(grade, exercise: ExerciseResult, *, anew: bool) -> None:
    """Write an automatic score; as nbgrader does, ask for a person's mark where none of the two is there."""
    grade.auto_score = exercise.score
    if exercise.score is not None and grade.manual_score is None:
        grade.needs_manual_grade = False
    elif anew or grade.manual_score is None:
        grade.needs_manual_grade = True


def _cell(exercise: ExerciseResult) -> str:
    """The name of the cell that has the points."""
    return check_id(exercise.name) if exercise.kind == "auto" else exercise.name
