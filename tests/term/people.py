"""Instructor and students, who use nbgrader's commands."""

import contextlib
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.apps import NbGraderAPI, NbGraderApp

from autograder.course.folder import Course

# Settings of the course: the names in zips, and a penalty of a point for each day begun after the due date.
SETTINGS = r"""
c.FileNameCollectorPlugin.named_regexp = r".*/(?P<student_id>\w+)_(?P<timestamp>[0-9-]+T[0-9]+)/(?P<file_id>\w+)"

from nbgrader.plugins import LateSubmissionPlugin


class APointADay(LateSubmissionPlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return -(-total_seconds_late // 86400)


c.AssignLatePenalties.plugin_class = APointADay
"""


class CommandFailed(AssertionError):
    """An nbgrader command failed; its output is in the log."""


def nbgrader(command: str, *words: str, folder: Path) -> None:
    """Run `nbgrader COMMAND WORDS` in a folder.

    The command runs in this process, because importing nbgrader takes seconds; it reads the settings in that folder as
    usual.
    """
    commands: Any = NbGraderApp.subcommands
    app_class, _ = commands[command]
    with contextlib.chdir(folder):
        app = app_class()
        try:
            app.initialize([*words, "--Application.log_level=ERROR"])
            app.start()
        except SystemExit as ended:
            if ended.code:
                raise CommandFailed(f"nbgrader {command} {' '.join(words)}") from ended
        finally:
            app.deinit_logging()


@dataclass(frozen=True)
class Student:
    """A student with their own folder, who reaches the course only through the exchange."""

    name: str
    home: Path
    exchange: Path
    course_id: str = "gmm"

    def fetch(self, assignment: str) -> Path:
        """Fetch an assignment; return the path of its notebook."""
        self.home.mkdir(exist_ok=True)
        self._nbgrader("fetch_assignment", assignment)
        return self.home / assignment / f"{assignment}.ipynb"

    def submit(self, assignment: str, notebook: str) -> None:
        """Write a notebook over the fetched one, and submit it."""
        (self.home / assignment / f"{assignment}.ipynb").write_text(notebook, encoding="utf-8")
        self._nbgrader("submit", assignment)

    def fetch_feedback(self, assignment: str) -> list[Path]:
        """Fetch the pages for all submissions, as far as there are any."""
        self._nbgrader("fetch_feedback", assignment)
        return sorted((self.home / assignment / "feedback").rglob("*.html"))

    def upload(self, assignment: str, notebook: str, downloaded: Path, when: datetime) -> None:
        """Hand in by upload: put a zip, named by a learning management system, into the downloaded folder."""
        folder = self.home / f"{self.name}_{when:%Y-%m-%dT%H%M%S}"
        folder.mkdir(parents=True)
        (folder / f"{assignment}.ipynb").write_text(notebook, encoding="utf-8")
        archive = downloaded / assignment / "archive"
        archive.mkdir(parents=True, exist_ok=True)
        shutil.make_archive(str(archive / folder.name), "zip", folder)

    def _nbgrader(self, command: str, assignment: str) -> None:
        # The same user of the machine plays everybody, so each student needs a name and a home of their own.
        settings = {
            "CourseDirectory.course_id": self.course_id,
            "CourseDirectory.student_id": self.name,
            "Exchange.root": self.exchange,
            "Exchange.cache": self.home / "cache",
        }
        words = [f"--{name}={value}" for name, value in settings.items()]
        nbgrader(command, assignment, *words, folder=self.home)


def mark(
    course: Course,
    assignment: str,
    student: str,
    cell: str,
    *,
    score: float | None = None,
    extra: float | None = None,
    comment: str | None = None,
) -> None:
    """Mark a cell, as formgrader does when a person leaves a box."""
    with gradebook_of(course) as gradebook:
        grade = gradebook.find_grade(cell, assignment, assignment, student)
        grade.manual_score, grade.extra_credit = score, extra
        grade.needs_manual_grade = score is None and grade.auto_score is None
        if comment is not None:
            gradebook.find_comment(cell, assignment, assignment, student).manual_comment = comment
        gradebook.db.commit()


def set_due_date(course: Course, assignment: str, when: datetime) -> None:
    """Set an assignment's due date in formgrader."""
    with gradebook_of(course) as gradebook:
        gradebook.update_or_create_assignment(assignment, duedate=f"{when:%Y-%m-%dT%H:%M:%S.%f} +0000")


def extend(course: Course, assignment: str, student: str, *, days: int) -> None:
    """Give a student more time."""
    with gradebook_of(course) as gradebook:
        gradebook.grant_extension(assignment, student, days=days)


def gradebook_of(course: Course) -> Any:
    """The gradebook as formgrader opens it; its columns have SQLAlchemy's types."""
    return NbGraderAPI(config=course.config()).gradebook


def make_exchange(folder: Path) -> Path:
    """Make an exchange to which everybody may write."""
    folder.mkdir()
    folder.chmod(0o777)
    return folder
