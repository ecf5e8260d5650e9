"""Marks in nbgrader's gradebook. The kit writes the automatic scores, people everything else."""

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
    """Write the automatic scores of a class. Returns the verdicts with the marks that the gradebook adds to them.

    Each student is one transaction: all scores of a verdict are written, or none. What a person has entered stays. Late
    penalties follow nbgrader's settings. A verdict gets a warning if the time of its submission cannot be read.

    Args:
        anew: the students whose work was judged again. If a person has marked it, it is flagged for a second look.

    Raises:
        GradebookError: the database that the course's settings name cannot be used.
    """
    config = course.config()
    settings = CourseDirectory(config=config)
    penalties = AssignLatePenalties(config=config)
    with opened(settings) as gradebook:
        # Reading the cell's name from each grade and comment would be one query for each.
        names = dict(map(tuple, gradebook.db.query(BaseCell.id, BaseCell.name)))
        known = {row.id for row in gradebook.db.query(Student.id)}
        by_name = {normal(name): name for name in known}
        zone = config.Exchange.get("timezone", "UTC")

        def record_one(verdict: Verdict) -> Verdict:
            # The gradebook may have the name in another Unicode form.
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
    """Write an automatic score. As in nbgrader, a cell without any score waits for a person's mark."""
    grade.auto_score = exercise.score
    if exercise.score is not None and grade.manual_score is None:
        grade.needs_manual_grade = False
    elif anew or grade.manual_score is None:
        grade.needs_manual_grade = True


def _cell(exercise: ExerciseResult) -> str:
    """The name of the notebook cell that carries the points."""
    return check_id(exercise.name) if exercise.kind == "auto" else exercise.name
