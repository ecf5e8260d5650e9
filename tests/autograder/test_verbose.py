"""Errors that the grader works around are logged if the user asks for it."""

import logging

import pytest
from typer.testing import CliRunner

from autograder import cli
from autograder.exercises import cache


@pytest.mark.parametrize(("words", "level"), [([], logging.WARNING), (["-v"], logging.DEBUG)])
def test_more_is_logged_with_verbose(words, level):
    logger = logging.getLogger("autograder")
    before = logger.level
    try:
        assert CliRunner().invoke(cli.app, [*words, "export", "csv", "--help"]).exit_code == 0
        assert logger.getEffectiveLevel() == level
    finally:
        logger.setLevel(before)


def test_an_unreadable_cache_is_logged_with_its_error(tmp_path, monkeypatch, caplog):
    path = tmp_path / "em.values"
    path.write_bytes(b"half a file")
    monkeypatch.setattr(cache, "_path", lambda assignment: path)
    monkeypatch.setattr(cache, "shipped", lambda assignment: {})

    assert cache.read("em") == {}
    (record,) = caplog.records
    assert (record.levelname, record.name) == ("WARNING", "autograder.exercises.cache")
    assert record.exc_info


def test_a_missing_cache_is_not_logged(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(cache, "_path", lambda assignment: tmp_path / "em.values")
    monkeypatch.setattr(cache, "shipped", lambda assignment: {})

    assert cache.read("em") == {}
    assert not caplog.records
