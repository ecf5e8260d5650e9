"""The database in which nbgrader keeps a course's gradebook."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from nbgrader.coursedir import CourseDirectory

from autograder.errors import GradebookError


@contextmanager
def opened(settings: "CourseDirectory") -> "Iterator[Gradebook]":
    """A course's gradebook.

    Raises:
        GradebookError: there is no driver for the database, or it does not answer.
    """
    from nbgrader.api import Gradebook
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError, OperationalError, SAWarning

    with warnings.catch_warnings():
        # nbgrader builds a submission's rows before it adds them; SQLAlchemy remarks on that.
        warnings.filterwarnings("ignore", category=SAWarning)
        try:
            _note_version(settings.db_url)
            gradebook = Gradebook(settings.db_url, settings.course_id)
        except ModuleNotFoundError as error:
            raise GradebookError(
                f"no driver for the gradebook's database: {error}. PostgreSQL: `uv sync --extra postgres`, and "
                'c.CourseDirectory.db_url = "postgresql+psycopg://…"'
            ) from error
        except ArgumentError as error:
            raise GradebookError(f"c.CourseDirectory.db_url is no address of a database: {error}") from error
        except OperationalError as error:
            raise GradebookError(f"the gradebook {make_url(settings.db_url)!r} cannot be used: {error.orig}") from error
        with gradebook:
            yield gradebook


def _note_version(address: str) -> None:
    """Note in a new database of which version its tables will be.

    nbgrader would run `alembic` to find out, which takes seconds and has to be on the path.
    """
    from sqlalchemy import create_engine, inspect, text

    engine = create_engine(address)
    try:
        with engine.begin() as connection:
            if not inspect(connection).get_table_names():
                from alembic.script import ScriptDirectory
                from nbgrader import dbutil

                version = ScriptDirectory(dbutil.ALEMBIC_DIR).get_current_head()
                connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
                connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": version})
    finally:
        engine.dispose()
