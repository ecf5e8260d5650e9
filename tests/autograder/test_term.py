"""A small term with every kind of event, on SQLite and on PostgreSQL: every figure is the same everywhere."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from autograder import cli, exercises, fingerprint
from autograder.commands.grade import grade_class
from autograder.commands.local import Local
from autograder.course import verdicts
from autograder.course.folder import Course
from autograder.course.release import generate_release
from autograder.course.verdicts import Change
from autograder.exercises import Assignment, f32
from autograder.submissions import locate
from tests.autograder import toy
from tests.autograder.toy import TOY
from tests.term import figures, people, postgresql
from tests.term.figures import Exported
from tests.term.people import Student, nbgrader

pytestmark = [
    # nbgrader links a submission's rows before it adds them; SQLAlchemy warns about that.
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    # nbgrader lists only assignments with a due date.
    pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning:nbgrader"),
    # nbgrader does not close the files that it reads there.
    pytest.mark.filterwarnings("ignore:unclosed file .*timestamp.txt:ResourceWarning"),
]

RIGHT = "def double(x):\n    return 2 * x"
WRONG = "def double(x):\n    return 3 * x"
SHORT = "def double(x):\n    return 2 * x if len(x) == 2 else x"


@pytest.fixture(scope="module")
def postgres() -> Iterator[Path]:
    if postgresql.programs() is None:
        pytest.skip("PostgreSQL is not installed (Debian: apt install postgresql)")
    with postgresql.server() as socket:
        yield socket


# Without --long, a term is played once: on PostgreSQL if it is installed.
@pytest.fixture(params=[pytest.param("sqlite", marks=pytest.mark.long if postgresql.programs() else ()), "postgresql"])
def course(request, toy_course, tmp_path, monkeypatch) -> Course:
    """The course with the toy, its exchange in `exchange` beside it, and its gradebook in each kind of database."""
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.setattr(exercises, "load", {"toy": TOY}.__getitem__)
    settings = [people.SETTINGS, f"c.Exchange.root = {str(people.make_exchange(tmp_path / 'exchange'))!r}"]
    if request.param == "postgresql":
        address = postgresql.new_database(request.getfixturevalue("postgres"), tmp_path.name)
        settings.append(f"c.CourseDirectory.db_url = {address!r}")
    with (toy_course.root / "nbgrader_config.py").open("a") as file:
        file.write("\n".join([*settings, ""]))
    if request.param == "postgresql":
        generate_release(toy_course, "toy", gradebook=True)
    return toy_course


def notebook(double: str) -> str:
    return nbformat.writes(toy._notebook(double))


def grade(course: Course, assignment: Assignment = TOY) -> None:
    grade_class(course, assignment, locate.find([course.submitted()], "toy"), Local(jobs=2))


def export(*words: object) -> None:
    done = CliRunner().invoke(cli.app, ["export", *map(str, words)])
    assert done.exit_code == 0, done.output


def disagreements(course: Course, folder: Path) -> list[figures.Disagreement]:
    """Export everything and compare all figures."""
    exported = Exported(csv=folder / "marks.csv", canvas=folder / "canvas.csv", nbgrader=folder / "nbgrader.csv")
    students = sorted(path.stem for path in course.verdicts("toy"))
    roster = folder / "roster.csv"
    rows = [f'"{name.title()}, A",{number},,{name},S,' for number, name in enumerate(students)]
    roster.write_text("\n".join(["Student,ID,SIS User ID,SIS Login ID,Section,toy (5)", *rows, ""]))
    export("csv", "toy", "--course", course.root, "--out", exported.csv)
    export("canvas", "toy", "--course", course.root, "--roster", roster, "--out", exported.canvas)
    nbgrader("export", "--to", str(exported.nbgrader), folder=course.root)
    places = figures.everywhere(course, TOY, exported)
    assert all(places.values())
    return figures.disagreements(places)


def final_scores(course: Course) -> dict[str, float]:
    told = json.loads(course.results("toy").read_text())["submissions"]
    return {item["student"]: item["final_score"] for item in told}


def test_a_term(course, tmp_path, shared_sandbox, monkeypatch):
    ada, bo, cem, dora, eve = (
        Student(name, tmp_path / name, tmp_path / "exchange") for name in ("ada", "bo", "cem", "dora", "eve")
    )
    nbgrader("release_assignment", "toy", folder=course.root)
    for student in (ada, bo, cem, dora):
        student.fetch("toy")

    # In time, too late, by upload, and a file that is cut off.
    ada.submit("toy", notebook(WRONG))
    dora.submit("toy", notebook(RIGHT)[:200])
    due = datetime.now(UTC)
    people.set_due_date(course, "toy", due)
    bo.submit("toy", notebook(RIGHT))
    cem.submit("toy", notebook(SHORT))
    eve.home.mkdir()
    eve.upload("toy", notebook(RIGHT), course.root / "downloaded", due + timedelta(hours=30))
    nbgrader("collect", "toy", folder=course.root)
    nbgrader("zip_collect", "toy", folder=course.root)
    grade(course)
    assert final_scores(course) == {"ada": 0, "bo": 4, "cem": 1, "dora": 0, "eve": 3}

    # Ada hands in again, too late, and gets an extension; nbgrader's own command grades the new work.
    ada.submit("toy", notebook(RIGHT))
    people.extend(course, "toy", "ada", days=1)
    nbgrader("collect", "toy", "--update", folder=course.root)
    nbgrader("autograde", "toy", folder=course.root)

    for number, student in enumerate((ada, bo, cem, dora, eve)):
        people.mark(course, "toy", student.name, "essay", score=number / 2, comment=f"Read, {student.name}.")
    people.mark(course, "toy", "dora", "check_double", score=1.0, extra=0.25)
    assert disagreements(course, tmp_path) == []
    assert final_scores(course) == {"ada": 5, "bo": 4.5, "cem": 2, "dora": 2.75, "eve": 5}

    # All students read their own page, except eve, who does not use the exchange.
    nbgrader("generate_feedback", "toy", "--force", folder=course.root)
    nbgrader("release_feedback", "toy", folder=course.root)
    for student in (ada, bo, cem, dora):
        (page,) = student.fetch_feedback("toy")
        assert page.read_text() == course.feedback("toy", student.name).read_text()
        assert f"Read, {student.name}." in page.read_text()

    # The same work is judged again: exactly the same verdict.
    files = (course.feedback("toy", "ada"), course.autograded("toy", "ada"))
    before = [path.read_bytes() for path in files]
    (kept,) = verdicts.history(course, "toy", "ada")[-1:]
    course.verdict("toy", "ada").unlink()
    grade(course)
    (again,) = verdicts.history(course, "toy", "ada")
    assert replace(again.verdict, seconds=kept.verdict.seconds) == kept.verdict
    assert [path.read_bytes() for path in files] == before

    # A check that required more than the text says is corrected.
    monkeypatch.setattr(fingerprint, "kit", lambda: "corrected")
    monkeypatch.setattr(exercises, "load", {"toy": corrected()}.__getitem__)
    everybody = verdicts.latest(course, "toy")
    grade(course, corrected())
    changes = verdicts.changes(everybody, verdicts.latest(course, "toy"))
    assert changes == [Change("cem", "double", 2, 5, "the kit has changed")]
    assert disagreements(course, tmp_path) == []
    assert final_scores(course) == {"ada": 5, "bo": 4.5, "cem": 5, "dora": 2.75, "eve": 5}


def corrected() -> Assignment:
    """The toy without the cases of other lengths than two."""
    _, essay = TOY.exercises
    small, long = toy.DOUBLE.aspects
    fair = {"minus one, zero": (f32(-1, 0),), "seven, eight": (f32(7, 8),)}
    return replace(TOY, exercises=(replace(toy.DOUBLE, aspects=(small, replace(long, hidden=fair))), essay))


def test_nbgrader_generates_the_solution(toy_course):
    nbgrader("generate_solution", "toy", folder=toy_course.root)

    solution = toy_course.root / "solution" / "toy" / "toy.ipynb"
    assert "return 2 * x" in nbformat.read(solution, as_version=4).cells[1].source


def test_disagreements_are_named():
    places = {
        "results": {("ada", "raw"): 5.0, ("bo", "raw"): 3.0, ("ada", "auto"): 5.0},
        "csv": {("ada", "raw"): 5.004, ("bo", "raw"): 2.5},
        "canvas": {("ada", "raw"): 5.0},
    }

    found = figures.disagreements(places)

    assert [(item.student, item.what, item.values) for item in found] == [
        ("bo", "raw", {"results": 3.0, "csv": 2.5, "canvas": None})
    ]
    assert figures.table(found, places).row_count == 1
