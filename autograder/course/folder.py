"""A course folder: nbgrader's own layout, and the kit's verdicts and results in it."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from jupyter_core.paths import jupyter_config_path
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, JSONFileConfigLoader, PyFileConfigLoader

from autograder.submissions.names import existing

NBGRADER_CONFIG = """\
# The course folder is a plain nbgrader course: its own commands work here.
c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "gmm"

# `nbgrader autograde` and `nbgrader generate_feedback` have the kit judge and tell,
# instead of running student code in a kernel and believing what it prints.
c.Autograde.exporter_class = "autograder.nbgrader.Autograded"
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = ["nbgrader.preprocessors.AssignLatePenalties"]
c.GenerateFeedback.exporter_class = "autograder.nbgrader.Feedback"
c.GenerateFeedback.preprocessors = []
# Whoever has not handed in through the exchange is passed over there; nbgrader would stop.
c.ExchangeFactory.release_feedback = "autograder.nbgrader.ReleaseFeedback"

# The gradebook. SQLite by default; PostgreSQL after `uv sync --extra postgres`, for instance
# c.CourseDirectory.db_url = "postgresql+psycopg://instructor@localhost/gradebook"
"""

SQLITE = "sqlite:///"


@dataclass(frozen=True)
class Course:
    """The paths of one course folder. Where a student's name is there in another form, that is taken."""

    root: Path

    def source(self, assignment: str) -> Path:
        return self.root / "source" / assignment

    def release(self, assignment: str) -> Path:
        return self.root / "release" / assignment

    def released_notebook(self, assignment: str) -> Path:
        return self.release(assignment) / f"{assignment}.ipynb"

    def submitted(self) -> Path:
        return self.root / "submitted"

    def autograded(self, assignment: str, student: str) -> Path:
        return existing(self.root / "autograded" / student) / assignment / f"{assignment}.ipynb"

    def verdict(self, assignment: str, student: str) -> Path:
        return existing(self.root / "verdicts" / assignment / f"{student}.json")

    def verdicts(self, assignment: str) -> list[Path]:
        """All that there are, in the order of the students' names."""
        return sorted(self.verdict(assignment, "-").parent.glob("*.json"))

    def lock(self, what: str) -> FileLock:
        """For whoever changes an assignment's results, or the gradebook: one process at a time.

        It goes with its process, however that ends.
        """
        folder = self.root / ".kit"
        folder.mkdir(exist_ok=True)
        return FileLock(folder / f"{what}.lock")

    def results(self, assignment: str) -> Path:
        return self.root / "results" / f"{assignment}.json"

    def feedback(self, assignment: str, student: str) -> Path:
        return existing(self.root / "feedback" / student) / assignment / f"{assignment}.html"

    def config(self) -> Config:
        """The course's nbgrader settings, as nbgrader itself reads them there: the machine's, the user's, its own."""
        root = str(self.root.resolve())
        config = Config()
        for folder in (*reversed(jupyter_config_path()), root):
            for loader, suffix in ((JSONFileConfigLoader, "json"), (PyFileConfigLoader, "py")):
                with contextlib.suppress(ConfigFileNotFound):
                    config.merge(loader(f"nbgrader_config.{suffix}", path=folder).load_config())
        directory = config.CourseDirectory
        directory.setdefault("root", root)
        if (address := directory.get("db_url", "")).startswith(SQLITE):
            # nbgrader works in the course folder, where a relative path begins.
            directory.db_url = SQLITE + os.path.join(root, address.removeprefix(SQLITE))  # noqa: PTH118
        return config
