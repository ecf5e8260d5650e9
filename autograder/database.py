"""The database in which nbgrader keeps a course's gradebook."""

import os
import sysconfig
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from autograder.errors import KitError

if TYPE_CHECKING:
    from nbgrader.api import Gradebook
    from nbgrader.coursedir import CourseDirectory


class GradebookError(KitError):
    """The database cannot be used; the message says why."""


@contextmanager
def opened(settings: "CourseDirectory") -> "Iterator[Gradebook]":
    """A course's gradebook.

    Raises:
        GradebookError: there is no driver for the database, or it does not answer.
    """
    from nbgrader.api import Gradebook
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError, OperationalError, SAWarning

    put_scripts_on_path()
    with warnings.catch_warnings():
        # nbgrader builds a submission's rows before it adds them; SQLAlchemy remarks on that.
        warnings.filterwarnings("ignore", category=SAWarning)
        try:
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


def put_scripts_on_path() -> None:
    """Let nbgrader find `alembic`, which it runs as a program, also where no environment is activated."""
    scripts = sysconfig.get_path("scripts")
    if scripts not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([scripts, os.environ["PATH"]])
