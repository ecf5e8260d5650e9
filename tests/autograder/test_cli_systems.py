"""`autograder collect` and `autograder return` on the command line: their output and their exit status."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder import cli
from tests.lms import canvas, zips
from tests.lms.people import CLASS

ADA = CLASS[0]
NAME = canvas.entry(ADA.sortable, ADA.canvas, 9001, "em.ipynb")


def typed(*words: object):
    return CliRunner().invoke(cli.app, [*map(str, words)], env={"COLUMNS": "200"})


@pytest.fixture
def download(tmp_path) -> Path:
    return zips.write(tmp_path / "submissions.zip", {NAME: "{}", "notes [draft].txt": ""})


def test_collect_prints_the_recognised_system_and_a_summary(download, tmp_path):
    done = typed("collect", "em", download, "--course", tmp_path / "course", "--from", "canvas")

    assert done.exit_code == 0
    said = done.output.splitlines()
    assert said[0] == "Recognised: Canvas, Download Submissions (1 of 2 names)."
    assert said[2].split() == ["lovelaceada", "lovelaceada", "1"]
    assert said[3] == "Not collected: notes [draft].txt: not a name as in Canvas, Download Submissions"
    assert said[4].startswith("1 student, 1 not collected: ")
    assert (tmp_path / "course/submitted/lovelaceada/em/em.ipynb").exists()


def test_a_refused_download_ends_with_the_name_of_the_entry(tmp_path):
    path = zips.write(tmp_path / "submissions.zip", {NAME: "{}", "../evil_1_2_em.ipynb": "{}"})

    done = typed("collect", "em", path, "--course", tmp_path / "course")

    assert done.exit_code == 1
    assert "error: the entry ../evil_1_2_em.ipynb would lie outside the folder" in done.output
    assert not (tmp_path / "course").exists()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--from", "ilias"], "there is no system 'ilias'; choose from gradescope, moodle"),
        (["--zone", "Mars/Phobos"], "there is no time zone 'Mars/Phobos'"),
        (["--roster", "nowhere.csv"], "nowhere.csv cannot be read as a table"),
    ],
)
def test_invalid_options_are_reported(download, tmp_path, options, says):
    done = typed("collect", "em", download, "--course", tmp_path / "course", *options)

    assert done.exit_code == 1
    assert says in done.output
    assert not (tmp_path / "course").exists()


def test_an_unknown_assignment_is_reported(download, tmp_path):
    assert typed("collect", "emm", download, "--course", tmp_path / "course").exit_code == 2


def test_without_pages_nothing_is_returned(tmp_path):
    done = typed("return", "em", "--for", "canvas", "--out", tmp_path / "pages.zip", "--course", tmp_path / "course")

    assert done.exit_code == 1
    assert "there are no pages: run `autograder grade em" in done.output
    assert not (tmp_path / "pages.zip").exists()
