"""Marks in nbgrader's gradebook: the kit writes automatic scores, a person the manual ones."""

import warnings
from collections.abc import Iterable

from autograder.build import check_id
from autograder.course import Course, put_scripts_on_path
from autograder.exercises import Assignment, Written
from autograder.results import Verdict


def record(course: Course, assignment: Assignment, verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Write the automatic scores of a class, and return its verdicts with the manual marks.

    A student is one transaction: either all scores of a verdict are in the
    gradebook or none. Manual marks, comments and extra credit are left as they are.
    """
    # nbgrader takes a second to import, and only this needs it.
    from nbgrader.api import Gradebook
    from nbgrader.coursedir import CourseDirectory
    from sqlalchemy.exc import SAWarning

    put_scripts_on_path()
    settings = CourseDirectory(config=course.config())
    with warnings.catch_warnings(), Gradebook(settings.db_url, settings.course_id) as gradebook:
        # nbgrader builds a submission's rows before it adds them; SQLAlchemy remarks on that.
        warnings.filterwarnings("ignore", category=SAWarning)
        return [_record_one(gradebook, assignment, verdict) for verdict in verdicts]


def _record_one(gradebook, assignment: Assignment, verdict: Verdict) -> Verdict:
    gradebook.update_or_create_student(verdict.student)
    submission = gradebook.update_or_create_submission(assignment.name, verdict.student)
    (notebook,) = (one for one in submission.notebooks if one.name == assignment.name)
    grades = {grade.name: grade for grade in notebook.grades}
    for exercise in verdict.exercises:
        if exercise.kind == "auto":
            grade = grades[check_id(exercise.name)]
            grade.auto_score = exercise.score
            grade.needs_manual_grade = False
    gradebook.db.commit()
    written = [exercise.name for exercise in assignment.exercises if isinstance(exercise, Written)]
    return verdict.with_manual({name: grades[name].manual_score for name in written})
