"""A class: resumed, parallel, and never stopped by one submission."""

import json

import pytest
from nbgrader.api import Gradebook

from autograder import classroom, exercises, paths
from autograder.classroom import NotAllGraded, grade_class
from autograder.submissions import Submission

EM = exercises.load("em")


def submission(name: str) -> Submission:
    return Submission(name, paths.SAMPLE_CLASS / "em" / f"{name}.ipynb")


CLASS = [submission("bilal"), submission("jonas")]


def test_marks_feedback_and_results_are_written(course):
    seen = []

    verdicts = grade_class(course, EM, CLASS, jobs=2, on_verdict=seen.append)

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


def test_a_verdict_is_kept_until_the_notebook_changes(course, tmp_path, monkeypatch):
    copied = tmp_path / "bilal.ipynb"
    copied.write_text(CLASS[0].path.read_text())
    once = [Submission("bilal", copied)]
    first = grade_class(course, EM, once, jobs=1)

    with monkeypatch.context() as patch:
        patch.setattr(classroom, "attempt", lambda *_: pytest.fail("run again"))
        again = grade_class(course, EM, once, jobs=1)

    copied.write_text("{")
    changed = grade_class(course, EM, once, jobs=1)

    assert again == first
    assert changed[0].status == "unreadable"


def test_a_run_that_was_interrupted_goes_on(course, monkeypatch):
    """The first verdict is on disk before the second notebook is touched."""

    def power_cut(*_):
        raise KeyboardInterrupt

    grade_class(course, EM, CLASS[1:], jobs=1)
    with monkeypatch.context() as patch:
        patch.setattr(classroom, "_publish", power_cut)
        with pytest.raises(KeyboardInterrupt):
            grade_class(course, EM, CLASS, jobs=1)
        patch.undo()
        patch.setattr(classroom, "attempt", lambda *_: pytest.fail("run again"))
        verdicts = grade_class(course, EM, CLASS, jobs=1)

    assert [verdict.score for verdict in verdicts] == [29, 0]


def test_a_fault_of_the_grader_costs_one_submission_and_is_told(course, monkeypatch):
    real = classroom.attempt

    def attempt(submission, *more):
        if submission.student == "bilal":
            raise RuntimeError("a bug of ours")
        return real(submission, *more)

    monkeypatch.setattr(classroom, "attempt", attempt)

    with pytest.raises(NotAllGraded, match="failed on 1 of 2 submissions: bilal: RuntimeError: a bug of ours"):
        grade_class(course, EM, CLASS, jobs=1)

    assert [one["student"] for one in json.loads(course.results("em").read_text())["submissions"]] == ["jonas"]
    assert not course.verdict("em", "bilal").exists()
