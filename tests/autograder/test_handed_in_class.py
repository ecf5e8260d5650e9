"""A class with all kinds of submitted files, graded by the kit and by nbgrader."""

import json
import unicodedata
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps import NbGraderAPI

from autograder import cli, exercises
from autograder.commands import explain, grade, runner
from autograder.commands.local import Local
from autograder.course.folder import Course
from autograder.grading import results
from autograder.submissions import locate
from tests.autograder import toy

pytestmark = [
    pytest.mark.usefixtures("shared_sandbox"),
    # nbgrader links a submission's rows before it adds them; SQLAlchemy warns about that.
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
]

RIGHT, WRONG = "def double(x):\n    return 2 * x", "def double(x):\n    return 3 * x"
ZOE = unicodedata.normalize("NFD", "zoë")


@pytest.fixture
def handed_in(toy_course, monkeypatch) -> Course:
    """A course in which the work is in a copy, in a file with another ending, in an archive, or missing."""
    monkeypatch.setattr(exercises, "load", {"toy": toy.TOY}.__getitem__)
    toy.notebook(place(toy_course, "ada", "toy.ipynb"), toy.SKELETON)
    toy.notebook(place(toy_course, "ada", "toy-Copy1.ipynb"), RIGHT)
    toy.notebook(place(toy_course, "bilal", "toy (1).ipynb.txt"), RIGHT)
    toy.notebook(place(toy_course, "chen", "toy.IPYNB"), WRONG)
    toy.notebook(place(toy_course, ZOE, "toy.ipynb"), RIGHT)
    place(toy_course, "hana", "essay.pdf").parent.mkdir(parents=True)
    place(toy_course, "hana", "essay.pdf").write_bytes(b"%PDF-1.4")
    return toy_course


MARKS = {"ada": 5, "bilal": 5, "chen": 0, "hana": 0, "zoë": 5}


def place(course: Course, student: str, name: str) -> Path:
    return course.submitted() / student / "toy" / name


def graded(course: Course):
    return grade.grade_class(course, toy.TOY, locate.find([course.submitted()], "toy"), Local(jobs=1))


def test_everybody_has_a_verdict_and_a_page(handed_in):
    verdicts = {verdict.student: verdict for verdict in graded(handed_in)}

    assert {student: verdict.score for student, verdict in verdicts.items()} == MARKS
    assert [name for name, item in verdicts.items() if item.status == "unreadable"] == ["hana"]
    note = "2 notebooks were handed in (toy.ipynb, toy-Copy1.ipynb). toy-Copy1.ipynb counts: "
    assert verdicts["ada"].notes[0] == f"{note}the others are as they were released."
    assert note in handed_in.feedback("toy", "ada").read_text()
    assert "the folder holds: essay.pdf (a PDF)" in handed_in.feedback("toy", "hana").read_text()
    for student in MARKS:
        assert handed_in.autograded("toy", student).is_file()
    assert "2 * x" in handed_in.autograded("toy", "ada").read_text()


def test_nbgrader_gives_the_same_marks(handed_in):
    outcome = NbGraderAPI(config=handed_in.config()).autograde("toy", "*")

    assert outcome["success"], outcome["log"]
    with Gradebook(f"sqlite:///{handed_in.root / 'gradebook.db'}") as book:
        found = {item.student.id: item.score for item in book.assignment_submissions("toy")}
    assert found == {unicodedata.normalize("NFD", name): score for name, score in MARKS.items()}
    assert "2 * x" in handed_in.autograded("toy", "ada").read_text()
    for verdict in graded(handed_in):
        assert verdict.score == MARKS[verdict.student]
    with Gradebook(f"sqlite:///{handed_in.root / 'gradebook.db'}") as book:
        assert len(book.students) == len(MARKS)


def test_nothing_runs_again_unless_a_file_beside_the_notebook_changes(handed_in, monkeypatch):
    graded(handed_in)
    with monkeypatch.context() as patch:
        patch.setattr(runner, "run", lambda *_, **__: pytest.fail("run again"))
        graded(handed_in)

    toy.notebook(place(handed_in, "ada", "toy-Copy1.ipynb"), WRONG)

    assert {verdict.student: verdict.score for verdict in graded(handed_in)} == MARKS | {"ada": 0}


def test_explain_finds_the_judged_notebook(handed_in):
    explained = explain.explain(handed_in, toy.TOY, toy.DOUBLE, "bilal")
    assert (explained.fresh.score, explained.changed) == (5, True)
    graded(handed_in)

    for student in ("ada", ZOE):
        explained = explain.explain(handed_in, toy.TOY, toy.DOUBLE, student)
        assert explained.fresh == explained.stored
        assert explained.source == RIGHT


TIMES = {"ada": "2026-12-01 13:30:00 +0100", "bilal": "2026-12-01 14:30:00 CEST", "chen": "soon", "zoë": ""}


@pytest.fixture
def timed(handed_in) -> Course:
    """The work is due at noon (UTC); half an hour late, in any zone, is too late."""
    config = handed_in.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    with Gradebook(f"sqlite:///{handed_in.root / 'gradebook.db'}") as book:
        book.find_assignment("toy").duedate = datetime(2026, 12, 1, 12)
        book.db.commit()
    for student, noted in TIMES.items():
        place(handed_in, ZOE if student == "zoë" else student, "timestamp.txt").write_text(noted)
    return handed_in


FINAL = MARKS | {"ada": 0, "bilal": 0}


def test_times_are_understood_or_reported(timed, capsys):
    verdicts = graded(timed)

    assert {verdict.student: verdict.final_score for verdict in verdicts} == FINAL
    warnings = {verdict.student: verdict.warnings for verdict in verdicts if verdict.warnings}
    assert warnings.keys() == {"chen", "zoë"}
    assert "says “soon”: that is not a time" in warnings["chen"][0]
    assert "timestamp.txt is empty, so it is unknown whether the work was late" in warnings["zoë"][0]
    written = json.loads(timed.results("toy").read_text())["submissions"]
    assert {item["student"]: tuple(item["warnings"]) for item in written if item["warnings"]} == warnings
    assert results.read(timed.results("toy")) == [*map(without_pictures, verdicts)]
    assert all("timestamp.txt" not in timed.feedback("toy", student).read_text() for student in MARKS)
    cli.publish(timed, [toy.TOY])
    told = " ".join(capsys.readouterr().err.split())
    assert "warning: zoë: timestamp.txt is empty" in told
    assert "warning: chen: timestamp.txt says “soon”" in told


def without_pictures(verdict):
    return results.from_json(
        results._for_others(verdict)
        | {"exercises": [{"comparison": "", **item} for item in results._for_others(verdict)["exercises"]]}
    )


def test_nbgrader_understands_or_reports_the_same_times(timed, tmp_path):
    for _ in range(2):  # the second run compares the times with those that the first run stored
        outcome = NbGraderAPI(config=timed.config()).autograde("toy", "*", force=False)
        assert outcome["success"], outcome["log"]
    for _ in range(2):
        outcome = NbGraderAPI(config=timed.config()).generate_feedback("toy", "*", force=False)
        assert outcome["success"], outcome["log"]

    with Gradebook(f"sqlite:///{timed.root / 'gradebook.db'}") as book:
        found = {
            unicodedata.normalize("NFC", item.student.id): (item.score or 0) - (item.late_submission_penalty or 0)
            for item in book.assignment_submissions("toy")
        }
    assert found == FINAL
    assert {verdict.student: verdict.final_score for verdict in graded(timed)} == FINAL


def test_nbgrader_logs_times_that_it_cannot_understand(timed):
    outcome = NbGraderAPI(config=timed.config()).autograde("toy", ZOE)

    assert outcome["success"], outcome["log"]
    assert "zoë: timestamp.txt is empty" in str(outcome["log"])


def test_a_time_in_the_students_own_folders_does_not_count(timed):
    folder = place(timed, "bilal", "toy").with_name("inner")
    place(timed, "bilal", "toy (1).ipynb.txt").rename(folder.with_name("t.ipynb"))
    folder.mkdir()
    folder.with_name("t.ipynb").rename(folder / "toy.ipynb")
    (folder / "timestamp.txt").write_text("2026-11-01 12:00:00 UTC")

    (verdict,) = (item for item in graded(timed) if item.student == "bilal")

    assert (verdict.score, verdict.final_score) == (5, 0)
    assert Path(verdict.notebook) == folder / "toy.ipynb"
    assert verdict.place == folder.parent
    assert timed.autograded("toy", "bilal").with_name("timestamp.txt").read_text() == TIMES["bilal"]
