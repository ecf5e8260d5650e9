"""A class: resumed, parallel, and never stopped by one submission."""

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest.mock import Mock

import pytest
from nbgrader.api import Gradebook

from autograder import exercises, machine, paths
from autograder.commands import grade
from autograder.commands.grade import RECEIPTS, grade_class
from autograder.course.folder import Course
from autograder.errors import NotAllGraded, SettingsError
from autograder.grading import results
from autograder.limits import Limits
from autograder.sandbox.sandbox import Sandbox
from autograder.submissions import locate
from autograder.submissions.locate import Submission
from tests.autograder import toy

EM = exercises.load("em")


def submission(name: str) -> Submission:
    return Submission(name, paths.SAMPLE_CLASS / "em" / f"{name}.ipynb")


CLASS = [submission("bilal"), submission("jonas")]


def test_marks_feedback_and_results_are_written(course):
    seen = []

    verdicts = grade_class(course, EM, CLASS, jobs=2, on_verdict=lambda verdict, anew: seen.append(verdict))

    assert [(verdict.student, verdict.score) for verdict in verdicts] == [("bilal", 29), ("jonas", 0)]
    assert {verdict.student for verdict in seen} == {"bilal", "jonas"}
    for student in ("bilal", "jonas"):
        assert course.feedback("em", student).read_text().startswith("<!doctype html>")
    written = json.loads(course.results("em").read_text())
    assert [one["student"] for one in written["submissions"]] == ["bilal", "jonas"]
    assert [one["status"] for one in written["submissions"]] == ["graded", "unreadable"]
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as book:
        assert book.find_submission("em", "bilal").score == 29
        assert book.find_submission("em", "jonas").score == 0


RIGHT = "def double(x): return 2 * x"


@pytest.fixture
def handed_in(tmp_path):
    """Submissions of the toy, from the source of its function by student."""

    def hand_in(**sources: str) -> list[Submission]:
        return [Submission(name, toy.notebook(tmp_path / f"{name}.ipynb", text)) for name, text in sources.items()]

    return hand_in


@pytest.fixture
def receipts(toy_course, shared_sandbox, monkeypatch):
    """Grade a submission with nbgrader's receipts from the course folder; what stands beside ada's page afterwards."""
    notebook = toy.notebook(toy_course.submitted() / "ada" / "toy" / "toy.ipynb", RIGHT)
    for name in RECEIPTS:
        notebook.with_name(name).write_text(f"{name} of ada")
    monkeypatch.chdir(toy_course.root)
    here = Course(Path())
    grade_class(here, toy.TOY, locate.find([here.submitted()], "toy"), jobs=1)
    page = toy_course.feedback("toy", "ada")
    return lambda: {path.name: path.read_text() for path in page.parent.iterdir() if path != page}


GIVEN = {name: f"{name} of ada" for name in RECEIPTS}


def test_receipts_stay_beside_the_pages_wherever_they_are_published_from(toy_course, receipts, tmp_path, monkeypatch):
    assert receipts() == GIVEN
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    grade.publish(toy_course, toy.TOY)

    assert receipts() == GIVEN


@pytest.mark.parametrize(
    ("gone", "left"),
    [("toy/toy.ipynb", GIVEN), ("toy", GIVEN), ("toy/timestamp.txt", {RECEIPTS[1]: GIVEN[RECEIPTS[1]]})],
)
def test_receipts_go_only_where_the_notebook_is_there_without_them(toy_course, receipts, gone, left):
    path = toy_course.submitted() / "ada" / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()

    grade.publish(toy_course, toy.TOY)

    assert receipts() == left


@pytest.mark.usefixtures("shared_sandbox")
def test_a_verdict_is_kept_until_the_notebook_changes(toy_course, handed_in, monkeypatch):
    once = handed_in(ada=RIGHT)
    first = grade_class(toy_course, toy.TOY, once, jobs=1)

    with monkeypatch.context() as patch:
        patch.setattr(grade, "run", lambda *_: pytest.fail("run again"))
        again = grade_class(toy_course, toy.TOY, once, jobs=1)

    once[0].path.write_text("{")
    changed = grade_class(toy_course, toy.TOY, once, jobs=1)

    assert again == first
    assert changed[0].status == "unreadable"


@pytest.mark.usefixtures("shared_sandbox")
def test_partial_credit_reaches_the_gradebook_also_later(toy_course, handed_in, monkeypatch):
    squared = handed_in(ada="def double(x): return x**2")
    monkeypatch.setattr(grade, "run", once := Mock(side_effect=grade.run))
    seen = []
    for share in (0, 0.5, 0.2):
        (toy_course.root / "course.toml").write_text(f"[partial_credit]\ntoy.double.squared = {share}\n")
        (verdict,) = grade_class(
            toy_course, toy.TOY, squared, jobs=1, on_verdict=lambda verdict, anew: seen.append(verdict.score)
        )
        with Gradebook(f"sqlite:///{toy_course.root / 'gradebook.db'}") as book:
            assert book.find_submission("toy", "ada").score == verdict.score == seen[-1] == 5 * share

    assert "1 of the points are for a mistake of this kind" in toy_course.feedback("toy", "ada").read_text()
    assert once.call_count == 1

    (toy_course.root / "course.toml").write_text("[partial_credit]\ntoy.double.cubed = 0.5\n")
    with pytest.raises(SettingsError, match="cubed"):
        grade_class(toy_course, toy.TOY, squared, jobs=1)


@pytest.mark.usefixtures("shared_sandbox")
def test_a_run_that_was_interrupted_goes_on(toy_course, handed_in, monkeypatch):
    """The first verdict is on disk before the second notebook is touched."""

    def power_cut(*_):
        raise KeyboardInterrupt

    submitted = handed_in(ada=RIGHT, bo="")
    grade_class(toy_course, toy.TOY, submitted[1:], jobs=1)
    with monkeypatch.context() as patch:
        patch.setattr(grade, "enter_marks", power_cut)
        with pytest.raises(KeyboardInterrupt):
            grade_class(toy_course, toy.TOY, submitted, jobs=1)
        patch.undo()
    monkeypatch.setattr(grade, "run", lambda *_: pytest.fail("run again"))
    verdicts = grade_class(toy_course, toy.TOY, submitted, jobs=1)

    assert [verdict.score for verdict in verdicts] == [5, 0]


@pytest.mark.usefixtures("shared_sandbox")
def test_a_fault_of_the_grader_costs_one_submission_and_is_told(toy_course, handed_in, monkeypatch):
    real = grade.run

    def attempt(submission, *more):
        if submission.student == "ada":
            raise RuntimeError("a bug of ours")
        return real(submission, *more)

    monkeypatch.setattr(grade, "run", attempt)

    with pytest.raises(NotAllGraded, match="failed on 1 of 2 submissions: ada: RuntimeError: a bug of ours") as failed:
        grade_class(toy_course, toy.TOY, handed_in(ada=RIGHT, bo=""), jobs=1)

    assert [verdict.student for verdict in failed.value.verdicts] == ["bo"]

    assert [verdict.student for verdict in results.read(toy_course.results("toy"))] == ["bo"]
    assert not toy_course.verdict("toy", "ada").exists()


@pytest.mark.usefixtures("shared_sandbox")
def test_the_results_hold_everybody_also_where_one_student_is_graded_again(toy_course, handed_in):
    submitted = handed_in(ada=RIGHT, bo="")
    grade_class(toy_course, toy.TOY, submitted, jobs=2)

    (verdict,) = grade_class(toy_course, toy.TOY, submitted[1:], jobs=1)

    assert verdict.student == "bo"
    assert [verdict.student for verdict in results.read(toy_course.results("toy"))] == ["ada", "bo"]


@pytest.mark.usefixtures("shared_sandbox")
def test_where_memory_is_short_one_is_run_at_a_time(toy_course, handed_in, monkeypatch):
    real, running, most = grade.run, [], []

    def attempt(submission, *more):
        running.append(submission.student)
        most.append(len(running))
        attempted = real(submission, *more)
        running.remove(submission.student)
        return attempted

    monkeypatch.setattr(grade, "run", attempt)
    monkeypatch.setattr(machine, "available_memory", lambda: Limits().memory_bytes + grade.USUAL_BYTES - 1)

    verdicts = grade_class(toy_course, toy.TOY, handed_in(ada=RIGHT, bo=RIGHT, cem=RIGHT), jobs=3)

    assert [verdict.auto_score for verdict in verdicts] == [5, 5, 5]
    assert most == [1, 1, 1]


@pytest.mark.usefixtures("shared_sandbox")
def test_whoever_ran_out_of_time_by_the_clock_is_tried_once_more_alone(toy_course, handed_in, monkeypatch):
    real, log = grade.run, []

    def attempt(submission, *more):
        log.append(submission.student)
        attempted = real(submission, *more)
        # As if the machine had been busy the first time.
        busy = log.count(submission.student) == 1 and submission.student == "ada"
        return replace(attempted, timed_out=True, answers={}) if busy else attempted

    monkeypatch.setattr(grade, "run", attempt)
    verdicts = grade_class(toy_course, toy.TOY, handed_in(ada=RIGHT, bo=RIGHT), jobs=1)

    assert log == ["ada", "bo", "ada"]
    assert [verdict.auto_score for verdict in verdicts] == [5, 5]


def test_whoever_never_ends_is_tried_twice_and_loses_that_exercise(toy_course, handed_in, monkeypatch):
    real, log = grade.run, []
    monkeypatch.setattr(grade, "run", lambda *args: (log.append(args[0].student), real(*args))[1])
    monkeypatch.setattr(grade, "Sandbox", partial(Sandbox, limits=Limits(wall_factor=0.5)))

    (verdict,) = grade_class(toy_course, toy.TOY, handed_in(ada="import time\ndef double(x): time.sleep(60)"), jobs=1)

    assert log == ["ada", "ada"]
    assert verdict.auto_score == 0
    assert "did not end within 1 seconds" in verdict.exercises[0].checks[0].message


@pytest.mark.usefixtures("shared_sandbox")
def test_two_graders_of_one_assignment_take_turns(toy_course, handed_in):
    submitted = handed_in(ada=RIGHT)
    with ThreadPoolExecutor(1) as pool:
        with toy_course.lock("toy"):
            other = pool.submit(grade_class, toy_course, toy.TOY, submitted, jobs=1)
            with pytest.raises(TimeoutError):
                other.result(timeout=1)
            assert not toy_course.verdict("toy", "ada").exists()
        assert [verdict.auto_score for verdict in other.result()] == [5]
