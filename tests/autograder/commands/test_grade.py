"""Grading a class: resumable, parallel, and never stopped by one submission."""

import json
import shutil
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from nbgrader.api import Gradebook

from autograder import exercises, fingerprint, machine, paths
from autograder.commands import grade, local, runner
from autograder.commands.grade import RECEIPTS, grade_class
from autograder.commands.local import Local
from autograder.course.folder import Course
from autograder.errors import NotAllGraded, SettingsError
from autograder.exercises import f32
from autograder.grading import results
from autograder.grading.results import Verdict
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

    verdicts = grade_class(course, EM, CLASS, Local(jobs=2), on_verdict=lambda verdict, anew: seen.append(verdict))

    assert [(verdict.student, verdict.score) for verdict in verdicts] == [("bilal", 32), ("jonas", 0)]
    assert {verdict.student for verdict in seen} == {"bilal", "jonas"}
    for student in ("bilal", "jonas"):
        assert course.feedback("em", student).read_text().startswith("<!doctype html>")
    written = json.loads(course.results("em").read_text())
    assert [item["student"] for item in written["submissions"]] == ["bilal", "jonas"]
    assert [item["status"] for item in written["submissions"]] == ["graded", "unreadable"]
    with Gradebook(f"sqlite:///{course.root / 'gradebook.db'}") as book:
        assert book.find_submission("em", "bilal").score == 32
        assert book.find_submission("em", "jonas").score == 0


RIGHT = "def double(x): return 2 * x"


@pytest.fixture
def handed_in(tmp_path):
    """Submissions of the toy assignment: the source of its function by student."""

    def hand_in(**sources: str) -> list[Submission]:
        return [Submission(name, toy.notebook(tmp_path / f"{name}.ipynb", text)) for name, text in sources.items()]

    return hand_in


@pytest.fixture
def receipts(toy_course, shared_sandbox, monkeypatch):
    """Grade a submission with nbgrader's receipts from the course folder; return the receipts beside ada's page."""
    notebook = toy.notebook(toy_course.submitted() / "ada" / "toy" / "toy.ipynb", RIGHT)
    for name in RECEIPTS:
        notebook.with_name(name).write_text(f"{name} of ada")
    monkeypatch.chdir(toy_course.root)
    here = Course(Path())
    grade_class(here, toy.TOY, locate.find([here.submitted()], "toy"), Local(jobs=1))
    page = toy_course.feedback("toy", "ada")
    return lambda: {path.name: path.read_text() for path in page.parent.iterdir() if path != page}


@pytest.fixture
def started(toy_sandbox, shared_sandbox, monkeypatch) -> list[object]:
    """A list of the processes of student code that are started."""
    del shared_sandbox
    processes: list[object] = []
    start = toy_sandbox.start

    def start_and_note(*args):
        processes.append(args)
        return start(*args)

    monkeypatch.setattr(toy_sandbox, "start", start_and_note)
    return processes


def marks(verdicts: list[Verdict]) -> list[dict[str, Any]]:
    """Everything about verdicts but the seconds."""
    return [results.to_json(verdict) | {"seconds": 0} for verdict in verdicts]


SOURCES = {
    "ada": RIGHT,
    "bo": "def double(x): return x ** 2",
    "cleo": "def double(x): raise ValueError('cleo')",
    "dan": "import os\ndef double(x): os._exit(1)",
    "eve": "1 / 0\ndef double(x): return 2 * x",
}


def test_a_regrade_by_another_version_runs_only_what_was_not_asked_before(toy_course, handed_in, started, monkeypatch):
    handed = handed_in(**SOURCES)
    first = grade_class(toy_course, toy.TOY, handed, Local(jobs=2))
    assert len(started) >= len(SOURCES)

    monkeypatch.setattr(fingerprint, "kit", lambda: "another version")
    started.clear()
    seen = []
    again = grade_class(toy_course, toy.TOY, handed, Local(jobs=2), on_verdict=lambda _, anew: seen.append(anew))
    assert seen == [True] * len(SOURCES)
    assert started == []
    assert marks(again) == marks(first)

    # A case more: nobody's verdict is the old one. Of dan, it is known that his function ends the process.
    first_aspect, *others = toy.DOUBLE.aspects
    more = replace(first_aspect, hidden={**first_aspect.hidden, "seven": (f32(7),)})
    changed = replace(toy.TOY, exercises=(replace(toy.DOUBLE, aspects=(more, *others)), *toy.TOY.exercises[1:]))
    monkeypatch.setattr(fingerprint, "kit", lambda: "a third version")
    partly = grade_class(toy_course, changed, handed, Local(jobs=2))
    assert len(started) == len([name for name in SOURCES if name != "dan"])
    shutil.rmtree(toy_course.replies("toy", "ada").parent)
    monkeypatch.setattr(fingerprint, "kit", lambda: "a fourth version")
    assert marks(grade_class(toy_course, changed, handed, Local(jobs=2))) == marks(partly)


def test_a_changed_notebook_is_run_whole(toy_course, handed_in, started):
    grade_class(toy_course, toy.TOY, handed_in(ada=RIGHT), Local(jobs=1))
    started.clear()
    (verdict,) = grade_class(toy_course, toy.TOY, handed_in(ada="def double(x): return 3 * x"), Local(jobs=1))
    assert len(started) == 1
    assert verdict.score == 0


GIVEN = {name: f"{name} of ada" for name in RECEIPTS}


def test_receipts_stay_beside_the_pages_whichever_command_publishes_them(toy_course, receipts, tmp_path, monkeypatch):
    assert receipts() == GIVEN
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    grade.publish(toy_course, toy.TOY)

    assert receipts() == GIVEN


@pytest.mark.parametrize(
    ("gone", "left"),
    [("toy/toy.ipynb", GIVEN), ("toy", GIVEN), ("toy/timestamp.txt", {RECEIPTS[1]: GIVEN[RECEIPTS[1]]})],
)
def test_receipts_are_removed_only_if_the_notebook_has_none(toy_course, receipts, gone, left):
    path = toy_course.submitted() / "ada" / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()

    grade.publish(toy_course, toy.TOY)

    assert receipts() == left


@pytest.mark.usefixtures("shared_sandbox")
@pytest.mark.parametrize("entries", [("data", "data/cups.csv"), ("data/cups.csv", "data"), ("a/b", "a/b/c", "a/b/c/d")])
def test_an_archive_with_a_file_and_a_folder_of_the_same_name_costs_nobody_a_page(toy_course, entries):
    notebook = toy.notebook(toy_course.submitted() / "ada" / "toy" / "toy.ipynb", RIGHT)
    with zipfile.ZipFile(notebook.with_name("work.zip"), "w") as archive:
        archive.write(notebook, "toy.ipynb")
        for name in entries:
            archive.writestr(name, name)
    notebook.unlink()
    toy.notebook(toy_course.submitted() / "bo" / "toy" / "toy.ipynb", RIGHT)

    verdicts = grade_class(toy_course, toy.TOY, locate.find([toy_course.submitted()], "toy"), Local(jobs=1))

    assert [(verdict.student, verdict.score) for verdict in verdicts] == [("ada", 5), ("bo", 5)]
    for student in ("ada", "bo"):
        assert toy_course.feedback("toy", student).is_file()
        assert toy_course.autograded("toy", student).is_file()
    laid = toy_course.autograded("toy", "ada").parent
    assert {path.relative_to(laid).as_posix() for path in laid.rglob("*") if path.is_file()} & {*entries}


@pytest.mark.usefixtures("shared_sandbox")
def test_a_verdict_is_kept_until_the_notebook_changes(toy_course, handed_in, monkeypatch):
    once = handed_in(ada=RIGHT)
    first = grade_class(toy_course, toy.TOY, once, Local(jobs=1))

    with monkeypatch.context() as patch:
        patch.setattr(runner, "run", lambda *_, **__: pytest.fail("run again"))
        again = grade_class(toy_course, toy.TOY, once, Local(jobs=1))

    once[0].path.write_text("{")
    changed = grade_class(toy_course, toy.TOY, once, Local(jobs=1))

    assert again == first
    assert changed[0].status == "unreadable"


@pytest.mark.usefixtures("shared_sandbox")
def test_partial_credit_reaches_the_gradebook_also_later(toy_course, handed_in, monkeypatch):
    squared = handed_in(ada="def double(x): return x**2")
    monkeypatch.setattr(runner, "run", once := Mock(side_effect=runner.run))
    seen = []
    for share in (0, 0.5, 0.2):
        (toy_course.root / "course.toml").write_text(f"[partial_credit]\ntoy.double.squared = {share}\n")
        (verdict,) = grade_class(
            toy_course, toy.TOY, squared, Local(jobs=1), on_verdict=lambda verdict, anew: seen.append(verdict.score)
        )
        with Gradebook(f"sqlite:///{toy_course.root / 'gradebook.db'}") as book:
            assert book.find_submission("toy", "ada").score == verdict.score == seen[-1] == 5 * share

    assert "Points added for a mistake of this kind: 1." in toy_course.feedback("toy", "ada").read_text()
    assert once.call_count == 1

    (toy_course.root / "course.toml").write_text("[partial_credit]\ntoy.double.cubed = 0.5\n")
    with pytest.raises(SettingsError, match="cubed"):
        grade_class(toy_course, toy.TOY, squared, Local(jobs=1))


@pytest.mark.usefixtures("shared_sandbox")
def test_an_interrupted_run_continues(toy_course, handed_in, monkeypatch):
    """The first verdict is on disk before the second notebook is touched."""

    def power_cut(*_):
        raise KeyboardInterrupt

    submitted = handed_in(ada=RIGHT, bo="")
    grade_class(toy_course, toy.TOY, submitted[1:], Local(jobs=1))
    with monkeypatch.context() as patch:
        patch.setattr(grade, "enter_marks", power_cut)
        with pytest.raises(KeyboardInterrupt):
            grade_class(toy_course, toy.TOY, submitted, Local(jobs=1))
        patch.undo()
    monkeypatch.setattr(runner, "run", lambda *_, **__: pytest.fail("run again"))
    verdicts = grade_class(toy_course, toy.TOY, submitted, Local(jobs=1))

    assert [verdict.score for verdict in verdicts] == [5, 0]


@pytest.mark.usefixtures("shared_sandbox")
def test_a_fault_of_the_grader_costs_one_submission_and_is_reported(toy_course, handed_in, monkeypatch):
    real = runner.run

    def attempt(submission, *more, **options):
        if submission.student == "ada":
            raise RuntimeError("a bug of ours")
        return real(submission, *more, **options)

    monkeypatch.setattr(runner, "run", attempt)

    with pytest.raises(NotAllGraded, match="failed on 1 of 2 submissions: ada: RuntimeError: a bug of ours") as failed:
        grade_class(toy_course, toy.TOY, handed_in(ada=RIGHT, bo=""), Local(jobs=1))

    assert [verdict.student for verdict in failed.value.verdicts] == ["bo"]

    assert [verdict.student for verdict in results.read(toy_course.results("toy"))] == ["bo"]
    assert not toy_course.verdict("toy", "ada").exists()


@pytest.mark.usefixtures("shared_sandbox")
def test_the_results_have_the_whole_class_if_one_student_is_graded_again(toy_course, handed_in):
    submitted = handed_in(ada=RIGHT, bo="")
    grade_class(toy_course, toy.TOY, submitted, Local(jobs=2))

    (verdict,) = grade_class(toy_course, toy.TOY, submitted[1:], Local(jobs=1))

    assert verdict.student == "bo"
    assert [verdict.student for verdict in results.read(toy_course.results("toy"))] == ["ada", "bo"]


@pytest.mark.usefixtures("shared_sandbox")
def test_with_little_memory_one_submission_runs_at_a_time(toy_course, handed_in, monkeypatch):
    real, running, most = runner.run, [], []

    def attempt(submission, *more, **options):
        running.append(submission.student)
        most.append(len(running))
        attempted = real(submission, *more, **options)
        running.remove(submission.student)
        return attempted

    monkeypatch.setattr(runner, "run", attempt)
    monkeypatch.setattr(machine, "available_memory", lambda: Limits().memory_bytes + local.USUAL_BYTES - 1)

    verdicts = grade_class(toy_course, toy.TOY, handed_in(ada=RIGHT, bo=RIGHT, cem=RIGHT), Local(jobs=3))

    assert [verdict.auto_score for verdict in verdicts] == [5, 5, 5]
    assert most == [1, 1, 1]


@pytest.mark.usefixtures("shared_sandbox")
def test_a_submission_that_hit_a_wall_clock_limit_runs_once_more_alone(toy_course, handed_in, monkeypatch):
    real, log = runner.run, []

    def attempt(submission, *more, **options):
        log.append(submission.student)
        attempted = real(submission, *more, **options)
        # This simulates a busy machine in the first run.
        busy = log.count(submission.student) == 1 and submission.student == "ada"
        return replace(attempted, timed_out=True, states={}) if busy else attempted

    monkeypatch.setattr(runner, "run", attempt)
    verdicts = grade_class(toy_course, toy.TOY, handed_in(ada=RIGHT, bo=RIGHT), Local(jobs=1))

    assert log == ["ada", "bo", "ada"]
    assert [verdict.auto_score for verdict in verdicts] == [5, 5]


def test_a_function_that_never_ends_is_tried_twice_and_loses_its_exercise(toy_course, handed_in, monkeypatch):
    real, log = runner.run, []
    monkeypatch.setattr(runner, "run", lambda *args, **more: (log.append(args[0].student), real(*args, **more))[1])
    monkeypatch.setattr(local, "Sandbox", partial(Sandbox, limits=Limits(wall_factor=0.5)))

    (verdict,) = grade_class(
        toy_course, toy.TOY, handed_in(ada="import time\ndef double(x): time.sleep(60)"), Local(jobs=1)
    )

    assert log == ["ada", "ada"]
    assert verdict.auto_score == 0
    assert "did not end within 1 seconds" in verdict.exercises[0].checks[0].message


@pytest.mark.usefixtures("shared_sandbox")
def test_two_graders_of_one_assignment_take_turns(toy_course, handed_in):
    submitted = handed_in(ada=RIGHT)
    with ThreadPoolExecutor(1) as pool:
        with toy_course.lock("toy"):
            other = pool.submit(grade_class, toy_course, toy.TOY, submitted, Local(jobs=1))
            with pytest.raises(TimeoutError):
                other.result(timeout=1)
            assert not toy_course.verdict("toy", "ada").exists()
        assert [verdict.auto_score for verdict in other.result()] == [5]
