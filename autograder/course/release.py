"""Open a course folder, and make releases with nbgrader."""

import hashlib
import shutil
import tempfile
from pathlib import Path

import nbformat

from autograder import fingerprint
from autograder.course import settings
from autograder.course.database import opened
from autograder.course.folder import NBGRADER_CONFIG, Course
from autograder.errors import CourseError
from autograder.exercises import Assignment


def open_course(root: Path, assignments: list[Assignment]) -> Course:
    """Make a course folder, or update an existing one.

    Writes, for each assignment, the source notebook, the release that nbgrader makes from it, and its cells in the
    gradebook. What has not changed is left alone.

    Raises:
        CourseError: nbgrader could not make the release.
        GradebookError: the database that the settings name cannot be used.
    """
    course = create_course(root)
    # A new database does not know the assignments yet. The hash hides a password in its address.
    address = course.config().CourseDirectory.get("db_url", "")
    current = hashlib.sha256(f"{fingerprint.kit()} {address}".encode()).hexdigest()
    with course.lock("gradebook"):
        for assignment in assignments:
            stamp = root / ".kit" / assignment.name
            if not stamp.exists() or stamp.read_text(encoding="utf-8") != current:
                _generate(course, assignment, gradebook=True)
                stamp.write_text(current, encoding="utf-8")
    return course


def write_release(assignment: Assignment, out: Path, *, url: str = "") -> Path:
    """Write `out/NAME/` and `out/NAME.zip`: everything that a student receives.

    Args:
        url: the address at which you will host the files in `out`; the notebook then fetches its files from there.

    Raises:
        BuildError: `url` is not a valid address.
        CourseError: nbgrader could not make the release.
    """
    with tempfile.TemporaryDirectory() as scratch:
        course = create_course(Path(scratch))
        _generate(course, assignment, gradebook=False, url=url)
        return copy_release(course, assignment.name, out)


def copy_release(course: Course, assignment: str, out: Path) -> Path:
    """Write the same from the release that a course has already."""
    target = out / assignment
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(course.release(assignment), target)
    shutil.make_archive(str(target), "zip", root_dir=out, base_dir=assignment)
    return target


def create_course(root: Path) -> Course:
    root.mkdir(parents=True, exist_ok=True)
    for name, text in {"nbgrader_config.py": NBGRADER_CONFIG, settings.NAME: settings.TEMPLATE}.items():
        if not (root / name).exists():
            (root / name).write_text(text, encoding="utf-8")
    return Course(root)


def _generate(course: Course, assignment: Assignment, *, gradebook: bool, url: str = "") -> None:
    from autograder.notebooks import build  # slow to import, so only if a release is made

    source = course.source(assignment.name)
    build.write_bundle(assignment, source)
    nbformat.write(build.source_notebook(assignment, url=url), source / f"{assignment.name}.ipynb")
    generate_release(course, assignment.name, gradebook=gradebook)


def generate_release(course: Course, assignment: str, *, gradebook: bool) -> None:
    """Make the release from the source, with nbgrader."""
    from nbgrader.apps import NbGraderAPI
    from nbgrader.coursedir import CourseDirectory

    config = course.config()
    if gradebook:
        with opened(CourseDirectory(config=config)):
            pass  # nbgrader reports a database that does not answer as out of date
    config.GenerateAssignment.no_database = not gradebook
    config.SaveCells.enabled = gradebook
    outcome = NbGraderAPI(config=config).generate_assignment(assignment)
    if not outcome["success"]:
        raise CourseError(f"nbgrader could not release {assignment}:\n{outcome['log']}")
