"""`autograder export`, as a person types it."""

import csv
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from autograder.cli import app
from tests.autograder.publish.classes import graded, verdict


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["export", *map(str, words)])
    return result.exit_code, " ".join(result.output.split())


@pytest.fixture
def em(tmp_path) -> Path:
    return graded(tmp_path / "course", "em", verdict("ada", 5), verdict("eve", 5, 4)).root


def test_csv_exports_what_has_been_graded(em, tmp_path):
    code, output = run("csv", "--course", em, "--out", tmp_path / "marks.csv")

    assert code == 0, output
    assert "warning: em: written answers of 1 of 2 students wait for a mark" in output
    assert f"Marks: {tmp_path / 'marks.csv'}" in output
    with (tmp_path / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        header, ada, eve = csv.reader(file)
    assert header[:2] == ["student", "em (40)"]
    assert (ada[:2], eve[:2]) == (["ada", "5"], ["eve", "9"])


def test_canvas_fills_in_the_roster_and_reports_missing_students(em, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text('Student,ID,SIS User ID,SIS Login ID,Section,em (5)\n"A, Ada",1,,ada,S,\n')

    code, output = run("canvas", "em", "--course", em, "--roster", roster, "--out", tmp_path / "out.csv")

    assert code == 0, output
    assert "warning: em: not in the roster: eve" in output
    assert (tmp_path / "out.csv").read_text().splitlines() == [
        "Student,ID,SIS User ID,SIS Login ID,Section,em (5)",
        "    Points Possible,,,,,40",
        '"A, Ada",1,,ada,S,5',
    ]


def test_gradescope_writes_a_zip_and_prints_the_points(tmp_path):
    code, output = run("gradescope", "em", "--out", tmp_path / "em.zip")

    assert code == 0, output
    assert zipfile.is_zipfile(tmp_path / "em.zip")
    assert "Points: 32 from the autograder, and 8 that you give by hand for written_em" in output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("csv", "--out", "x.csv"), "nothing has been graded in course"),
        (("csv", "em", "--out", "x.csv"), "run `autograder grade em --course course` first"),
        (("csv", "maths", "--out", "x.csv"), "no assignment 'maths'"),
        (("canvas", "--roster", "r.csv", "--out", "x.csv"), "Missing argument"),
        (("gradescope", "em", "--out", "x.zip", "--wheels", "nowhere"), "holds no wheels"),
    ],
)
def test_a_wrong_call_ends_with_a_message(words, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    code, output = run(*words)

    assert code != 0
    assert says in output
    assert "Traceback" not in output
    assert not list(tmp_path.iterdir())
