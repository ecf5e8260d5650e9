"""The kit inside nbgrader's own commands, by its settings: see `NBGRADER_CONFIG` in `autograder.course`."""

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import Exporter, NotebookExporter
from nbgrader.exchange.default import ExchangeReleaseFeedback
from nbgrader.utils import temp_attrs

from autograder import autograded, classroom, exercises, feedback, machine, verdicts
from autograder.course import Course
from autograder.exercises import Assignment
from autograder.results import Verdict
from autograder.submissions import Submission


class Autograded(NotebookExporter):
    """For `nbgrader autograde`: has the kit judge what was handed in, where nbgrader would run it.

    nbgrader converts each notebook twice: from `submitted/` to `autograded/`, and there once more, for its plugins.
    """

    def __init__(self, *, parent: Any, **options: Any) -> None:
        super().__init__(parent=parent, **options)
        self._converter = parent
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
        release = nbformat.read(course.released_notebook(assignment.name), as_version=4)
        return self.from_notebook_node(autograded.notebook(Path(filename), release, verdict), resources, **options)

    def _judge_all(self, course: Course, assignment: Assignment) -> dict[str, Exception]:
        """Judge everybody whose turn nbgrader's will be, in parallel, when the first one's has come."""
        submitted = [
            Submission(Path(folder).parent.name, Path(folder).absolute() / f"{assignment.name}.ipynb")
            for folder in self._converter.assignments
        ]
        return classroom.judge_class(course, assignment, submitted, jobs=machine.cores())


class Feedback(Exporter):
    """For `nbgrader generate_feedback`: the kit's page for each student."""

    file_extension = ".html"
    output_mimetype = "text/html"

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
            page.parent.name for page in pages if not all((page / name).is_file() for name in classroom.RECEIPTS)
        )
        if elsewhere:
            self.log.warning("Not handed in through the exchange, so not returned there: %s", ", ".join(elsewhere))
        excluded = ",".join(filter(None, [coursedir.student_id_exclude, *elsewhere]))
        with temp_attrs(coursedir, student_id_exclude=excluded):
            super().copy_files()


def _marked(course: Course, assignment: Assignment, student: str) -> Verdict:
    """The verdict on a student's work, with its marks in the gradebook."""
    latest = verdicts.history(course, assignment.name, student)[-1]
    (verdict,) = classroom.enter_marks(course, assignment, {student: latest})
    return verdict


def _named(resources: Any) -> tuple[Course, Assignment, str]:
    """Which course, assignment and student nbgrader is at; it works in the course folder."""
    names = resources["nbgrader"]
    return Course(Path.cwd()), exercises.load(names["assignment"]), names["student"]
