"""A gradebook's database: a new one, and one that cannot be used."""

import sysconfig
from contextlib import closing

import pytest
from nbgrader.api import Base, get_alembic_version
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import create_engine, inspect, text

from autograder.course import database
from autograder.course.release import generate_release
from autograder.errors import GradebookError


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("postgresql+psycopg://jo:secret@127.0.0.1:1/marks", "postgresql+psycopg://jo:***@127.0.0.1:1/marks cannot be"),
        ("mysql+nothing://marks", "mysql"),
        ("marks.db", "no address of a database"),
    ],
)
def test_a_database_that_cannot_be_used_is_reported(toy_course, address, says):
    config = toy_course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f"c.CourseDirectory.db_url = {address!r}\n")

    with pytest.raises(GradebookError) as told, database.opened(CourseDirectory(config=toy_course.config())):
        pass

    assert says in str(told.value)
    assert "secret" not in str(told.value)


def test_a_course_is_not_made_without_its_database(toy_course, monkeypatch):
    config = toy_course.root / "nbgrader_config.py"
    config.write_text(config.read_text() + 'c.CourseDirectory.db_url = "postgresql+psycopg://127.0.0.1:1/marks"\n')

    with pytest.raises(GradebookError, match="cannot be used: connection"):
        generate_release(toy_course, "toy", gradebook=True)


@pytest.mark.long
def test_a_new_database_has_nbgrader_s_version(tmp_path, monkeypatch):
    address = f"sqlite:///{tmp_path / 'gradebook.db'}"
    for _ in range(2):
        with database.opened(CourseDirectory(db_url=address)):
            pass

    monkeypatch.setenv("PATH", sysconfig.get_path("scripts"), prepend=":")
    with closing(create_engine(address).connect()) as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).all() == [(get_alembic_version(),)]
        assert set(inspect(connection).get_table_names()) == {*Base.metadata.tables, "alembic_version"}
