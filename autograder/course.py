"""A course folder: nbgrader's own layout, and the kit's verdicts and results in it."""

import contextlib
import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from filelock import FileLock
from jupyter_core.paths import jupyter_config_path
from traitlets.config import Config
from traitlets.config.loader import ConfigFileNotFound, JSONFileConfigLoader, PyFileConfigLoader

from autograder import fingerprint, settings
from autograder.database import opened
from autograder.errors import KitError
from autograder.exercises import Assignment
from autograder.names import existing

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


class CourseError(KitError):
    """The course folder is not usable; the message says what to do."""


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


def open_course(root: Path, assignments: list[Assignment]) -> Course:
    """Make a course folder, or bring an existing one up to date with the kit.

    For each assignment: the source notebook, the release that nbgrader cuts from
    it, and its cells in the gradebook. What has not changed is left alone.

    Raises:
        CourseError: nbgrader could not make the release.
        GradebookError: the database that the settings name cannot be used.
    """
    course = _open(root)
    # Another database knows nothing of the assignments yet. Its address may hold a password.
    address = course.config().CourseDirectory.get("db_url", "")
    current = hashlib.sha256(f"{fingerprint.kit()} {address}".encode()).hexdigest()
    with course.lock("gradebook"):
        for assignment in assignments:
            stamp = root / ".kit" / assignment.name
            if not stamp.exists() or stamp.read_text(encoding="utf-8") != current:
                _generate(course, assignment, gradebook=True)
                stamp.write_text(current, encoding="utf-8")
    return course


def release(assignment: Assignment, out: Path) -> Path:
    """Write `out/NAME/` and `out/NAME.zip`: all that a student receives.

    Raises:
        CourseError: nbgrader could not make the release.
    """
    with tempfile.TemporaryDirectory() as scratch:
        course = _open(Path(scratch))
        _generate(course, assignment, gradebook=False)
        target = out / assignment.name
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(course.release(assignment.name), target)
    shutil.make_archive(str(target), "zip", root_dir=out, base_dir=assignment.name)
    return target


def _open(root: Path) -> Course:
    root.mkdir(parents=True, exist_ok=True)
    for name, text in {"nbgrader_config.py": NBGRADER_CONFIG, settings.NAME: settings.TEMPLATE}.items():
        if not (root / name).exists():
            (root / name).write_text(text, encoding="utf-8")
    return Course(root)


def _generate(course: Course, assignment: Assignment, *, gradebook: bool) -> None:
    from autograder import build  # takes its time to import: only where a release is really made

    source = course.source(assignment.name)
    build.write_bundle(assignment, source)
    nbformat.write(build.source_notebook(assignment), source / f"{assignment.name}.ipynb")
    _generate_release(course, assignment.name, gradebook=gradebook)


def _generate_release(course: Course, assignment: str, *, gradebook: bool) -> None:
    """Have nbgrader cut the release from the source."""
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory

    config = course.config()
    if gradebook:
        with opened(CourseDirectory(config=config)):
            pass  # of a database that does not answer nbgrader would say that it is out of date
    config.GenerateAssignment.no_database = not gradebook
    config.SaveCells.enabled = gradebook
    outcome = NbGraderAPI(config=config).generate_assignment(assignment)
    if not outcome["success"]:
        raise CourseError(f"nbgrader could not release {assignment}:\n{outcome['log']}")
