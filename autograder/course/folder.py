"""A course folder: nbgrader's own layout, with the kit's verdicts and results."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

import nbformat
from filelock import FileLock
from jupyter_core.paths import jupyter_config_path
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, JSONFileConfigLoader, PyFileConfigLoader

from autograder.notebooks import released
from autograder.notebooks.released import Released
from autograder.submissions.names import existing

NBGRADER_CONFIG = """\
# The course folder is a plain nbgrader course: its own commands work here.
c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "gmm"

# `nbgrader autograde` and `nbgrader generate_feedback` use the kit's verdicts and pages,
# instead of running student code in a kernel and trusting its output.
c.Autograde.exporter_class = "autograder.nbgrader.Autograded"
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = ["nbgrader.preprocessors.AssignLatePenalties"]
c.GenerateFeedback.exporter_class = "autograder.nbgrader.Feedback"
c.GenerateFeedback.preprocessors = []
# Skip students who did not hand in through the exchange; nbgrader would stop there.
c.ExchangeFactory.release_feedback = "autograder.nbgrader.ReleaseFeedback"

# The gradebook. SQLite by default; PostgreSQL after `uv sync --extra postgres`, for instance
# c.CourseDirectory.db_url = "postgresql+psycopg://instructor@localhost/gradebook"
"""

SQLITE = "sqlite:///"


@dataclass(frozen=True)
class Course:
    """The paths of one course folder. A student's existing folder is used in whatever Unicode form its name has."""

    root: Path

    def source(self, assignment: str) -> Path:
        return self.root / "source" / assignment

    def release(self, assignment: str) -> Path:
        return self.root / "release" / assignment

    def released_notebook(self, assignment: str) -> Path:
        return self.release(assignment) / f"{assignment}.ipynb"

    def released_cells(self, assignment: str) -> Released:
        """What the released notebook holds."""
        return released.read(nbformat.read(self.released_notebook(assignment), as_version=4))

    def submitted(self) -> Path:
        return self.root / "submitted"

    def autograded(self, assignment: str, student: str) -> Path:
        return existing(self.root / "autograded" / student) / assignment / f"{assignment}.ipynb"

    def verdict(self, assignment: str, student: str) -> Path:
        return existing(self.root / "verdicts" / assignment / f"{student}.json")

    def verdicts(self, assignment: str) -> list[Path]:
        """The files of all verdicts on an assignment, sorted by student."""
        return sorted(self.verdict(assignment, "-").parent.glob("*.json"))

    def replies(self, assignment: str, student: str) -> Path:
        """The kept replies of a student's notebook."""
        return existing(self.root / ".kit" / "replies" / assignment / f"{student}.replies")

    def lock(self, what: str) -> FileLock:
        """A lock on an assignment's results or on the gradebook: one process at a time changes them.

        The lock ends with its process, even after a crash.
        """
        folder = self.root / ".kit"
        folder.mkdir(exist_ok=True)
        return FileLock(folder / f"{what}.lock")

    def results(self, assignment: str) -> Path:
        return self.root / "results" / f"{assignment}.json"

    def feedback(self, assignment: str, student: str) -> Path:
        return existing(self.root / "feedback" / student) / assignment / f"{assignment}.html"

    def config(self) -> Config:
        """The nbgrader settings of the course, read as nbgrader reads them: the machine's, the user's, the course's."""
        root = str(self.root.resolve())
        config = Config()
        for folder in (*reversed(jupyter_config_path()), root):
            for loader, suffix in ((JSONFileConfigLoader, "json"), (PyFileConfigLoader, "py")):
                with contextlib.suppress(ConfigFileNotFound):
                    config.merge(loader(f"nbgrader_config.{suffix}", path=folder).load_config())
        directory = config.CourseDirectory
        directory.setdefault("root", root)
        if (address := directory.get("db_url", "")).startswith(SQLITE):
            # A relative path starts in the course folder, where nbgrader runs.
            directory.db_url = SQLITE + os.path.join(root, address.removeprefix(SQLITE))  # noqa: PTH118
        return config
