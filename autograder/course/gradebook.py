"""Marks in nbgrader's gradebook. The kit writes the automatic scores, people everything else."""

import contextlib
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat.v4 import new_notebook
from nbgrader.api import BaseCell, Gradebook, MissingEntry, Student, SubmittedNotebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties

from autograder.course import collected, roster, shared_marks
from autograder.course.database import opened
from autograder.course.folder import Course
from autograder.course.roster import Person
from autograder.exercises import Assignment
from autograder.grading.results import ExerciseResult, Verdict
from autograder.notebooks.released import CHECK
from autograder.submissions import times
from autograder.submissions.names import normal

LATE = "{system} marked this as late but gave no time: write the time into {path}, and grade again"


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
        people = roster.read(course.root)
        late = collected.late_at_unknown_time(course.root, assignment.name)
        _share(gradebook, course, assignment, names, by_name)

        def record_one(verdict: Verdict) -> Verdict:
            # The gradebook may have the name in another Unicode form.
            student = verdict.student if verdict.student in known else by_name.get(verdict.student, verdict.student)
            gradebook.update_or_create_student(student, **_called(people.get(verdict.student)))
            submission = gradebook.update_or_create_submission(assignment.name, student)
            handed_in, problem = times.noted(verdict.place, zone=zone)
            if not handed_in and not problem and verdict.student in late:
                problem = LATE.format(system=late[verdict.student], path=verdict.place / times.NAME)
            _note_time(submission, handed_in)
            (notebook,) = (row for row in submission.notebooks if row.name == assignment.name)
            cells = _cells(notebook, names)
            marks = {}
            for exercise in verdict.exercises:
                grade, comment = cells[exercise.name]
                _enter(grade, exercise, anew=verdict.student in anew)
                marks[exercise.name] = shared_marks.mark_of(grade, comment)
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


def _called(person: Person | None) -> dict[str, Any]:
    """The student's names and address, under nbgrader's field names."""
    if person is None:
        return {}
    known = {"first_name": person.first_name, "last_name": person.last_name, "email": person.email}
    return {title: value for title, value in known.items() if value}


def _share(
    gradebook: Gradebook, course: Course, assignment: Assignment, names: dict[int, str], by_name: dict[str, str]
) -> None:
    """Give the marks that a person entered for one member of a group to all its members."""
    groups = collected.groups(course.root, assignment.name)
    if not groups:
        return
    found: dict[str, shared_marks.Cells] = {}
    for student in (student for group in groups for student in group):
        with contextlib.suppress(MissingEntry, KeyError):  # not graded yet
            notebook = gradebook.find_submission_notebook(assignment.name, assignment.name, by_name[student])
            found[student] = _cells(notebook, names)
    path = course.root / ".kit" / f"{assignment.name}.shared.json"
    shared = shared_marks.share(found, groups, shared_marks.read(path))
    gradebook.db.commit()
    shared_marks.write(path, shared)


def _cells(notebook: SubmittedNotebook, names: Mapping[int, str]) -> shared_marks.Cells:
    """The grade and the comment of each exercise. The check cell of an exercise carries its points."""
    comments = {names[comment.cell_id]: comment for comment in notebook.comments}
    grades = {names[grade.cell_id].removeprefix(CHECK): grade for grade in notebook.grades}
    return {name: (grade, comments[name]) for name, grade in grades.items() if name in comments}


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
