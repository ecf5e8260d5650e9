"""The kit inside nbgrader's own commands, by its settings: see `NBGRADER_CONFIG` in `autograder.course.folder`."""

import glob
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter, NotebookExporter
from nbgrader.exchange.default import ExchangeReleaseFeedback
from nbgrader.utils import temp_attrs

from autograder import exercises, machine
from autograder.commands import grade
from autograder.course import verdicts
from autograder.course.folder import Course
from autograder.exercises import Assignment
from autograder.grading import results
from autograder.grading.results import Verdict
from autograder.publish import feedback, formgrader
from autograder.submissions import files, locate, names, times


class Autograded(NotebookExporter):
    """For `nbgrader autograde`: has the kit judge what was handed in, where nbgrader would run it.

    nbgrader converts each notebook twice: from `submitted/` to `autograded/`, and there once more, for its plugins.
    """

    def __init__(self, *, parent: Any, **options: Any) -> None:
        super().__init__(parent=parent, **options)
        self._converter = parent
        _understand_times(parent)
        _take_all_folders(parent)
        self._errors: dict[str, Exception] | None = None  # of the judging, once it is done

    def from_filename(self, filename: str, resources: dict | None = None, **options: Any) -> tuple[Any, dict[str, Any]]:
        if not self._converter._sanitizing:
            return super().from_filename(filename, resources, **options)
        course, assignment, student = _named(resources)
        with course.lock(assignment.name):
            if self._errors is None:
                self._errors = self._judge_all(course, assignment)
            if error := self._errors.get(student):
                raise error
            verdict = _marked(course, assignment, student)
        for warning in results.warnings([verdict]):
            self.log.warning("%s", warning)
        release = nbformat.read(course.released_notebook(assignment.name), as_version=4)
        counts = Path(verdict.notebook)
        path = counts if files.leads_to_a_file(counts) else Path(filename)
        return self.from_notebook_node(formgrader.notebook(path, release, verdict), resources, **options)

    def _judge_all(self, course: Course, assignment: Assignment) -> dict[str, Exception]:
        """Judge everybody whose turn nbgrader's will be, in parallel, when the first one's has come."""
        submitted = [
            locate.of_student(names.student(Path(folder).parent.name), Path(folder).absolute(), assignment.name)
            for folder in self._converter.assignments
        ]
        return grade.judge_class(course, assignment, submitted, jobs=machine.cores())


class Feedback(Exporter):
    """For `nbgrader generate_feedback`: the kit's page for each student."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def __init__(self, *, parent: Any, **options: Any) -> None:
        super().__init__(parent=parent, **options)
        _understand_times(parent)

    def from_filename(self, filename: str, resources: dict | None = None, **options: Any) -> tuple[Any, dict[str, Any]]:
        course, assignment, student = _named(resources)
        verdict = _marked(course, assignment, student)
        # To the last byte as `autograder grade` writes it.
        return feedback.page(assignment, verdict) + "\n", self._init_resources(resources)


class ReleaseFeedback(ExchangeReleaseFeedback):
    """For `nbgrader release_feedback`: passes over those who have not handed in through the exchange.

    nbgrader would stop at the first of them, and the rest of the class would wait for its pages.
    """

    def copy_files(self) -> None:
        coursedir: Any = self.coursedir
        pages = Path(coursedir.root).glob(str(Path(self.src_path).relative_to(coursedir.root)))
        elsewhere = sorted(
            page.parent.name for page in pages if not all((page / name).is_file() for name in grade.RECEIPTS)
        )
        if elsewhere:
            self.log.warning("Not handed in through the exchange, so not returned there: %s", ", ".join(elsewhere))
        excluded = ",".join(filter(None, [coursedir.student_id_exclude, *elsewhere]))
        with temp_attrs(coursedir, student_id_exclude=excluded):
            super().copy_files()


def _marked(course: Course, assignment: Assignment, student: str) -> Verdict:
    """The verdict on a student's work, with its marks in the gradebook."""
    latest = verdicts.history(course, assignment.name, student)[-1]
    (verdict,) = grade.enter_marks(course, assignment, {student: latest})
    return verdict


def _understand_times(converter: Any) -> None:
    """Have a converter of nbgrader's read the times at which work was handed in as the kit does.

    nbgrader takes +0100 for 100 seconds and CEST for UTC, and stops at what is no time.
    """
    zone = converter.config.Exchange.get("timezone", "UTC")
    converter.coursedir.get_existing_timestamp = lambda folder: times.noted(Path(folder), zone=zone)[0]


def _take_all_folders(converter: Any) -> None:
    """Have a converter of nbgrader's take up each student's folder, whatever the notebook in it is called."""
    coursedir = converter.coursedir
    pattern = converter._format_source(coursedir.assignment_id, coursedir.student_id)
    for folder in sorted(glob.glob(pattern)):  # noqa: PTH207 (as nbgrader does)
        if Path(folder).is_dir():
            converter.assignments[folder] = [str(Path(folder) / f"{coursedir.assignment_id}.ipynb")]


def _named(resources: Any) -> tuple[Course, Assignment, str]:
    """Which course, assignment and student nbgrader is at; it works in the course folder."""
    at = resources["nbgrader"]
    return Course(Path.cwd()), exercises.load(at["assignment"]), names.student(at["student"])
