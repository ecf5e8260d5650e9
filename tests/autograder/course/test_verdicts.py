import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from autograder import fingerprint
from autograder.course import verdicts
from autograder.course.folder import Course
from autograder.course.verdicts import Change
from autograder.errors import VerdictError
from autograder.grading.results import CaseResult, ExerciseResult, Verdict
from autograder.submissions.locate import Submission


@pytest.fixture
def empty(tmp_path) -> Course:
    return Course(tmp_path / "course")


@pytest.fixture
def submission(tmp_path) -> Submission:
    path = tmp_path / "submitted" / "ada.ipynb"
    path.parent.mkdir()
    path.write_text("{}")
    return Submission("ada", path)


def verdict(score: float, student: str = "ada") -> Verdict:
    exercise = ExerciseResult(name="double", score=score, max_score=5)
    return Verdict(student=student, notebook="/inbox/a.ipynb", status="graded", seconds=1, exercises=(exercise,))


def test_a_verdict_stands_until_the_notebook_changes(empty, submission):
    assert verdicts.current(empty, "toy", submission) is None

    verdicts.keep(empty, "toy", submission, verdict(3))
    assert verdicts.current(empty, "toy", submission) == verdict(3)

    submission.path.write_text("{ }")
    assert verdicts.current(empty, "toy", submission) is None


def test_a_verdict_stands_until_the_kit_changes(empty, submission, monkeypatch):
    verdicts.keep(empty, "toy", submission, verdict(3))
    monkeypatch.setattr(fingerprint, "kit", lambda: "another")

    assert verdicts.current(empty, "toy", submission) is None


def test_a_missing_notebook_has_a_verdict_too(empty, submission):
    submission.path.unlink()
    verdicts.keep(empty, "toy", submission, verdict(0))

    assert verdicts.current(empty, "toy", submission) == verdict(0)
    submission.path.write_text("{}")
    assert verdicts.current(empty, "toy", submission) is None


def test_earlier_verdicts_stay_to_explain_earlier_marks(empty, submission):
    for score in (1, 2, 3):
        verdicts.keep(empty, "toy", submission, verdict(score))

    history = verdicts.history(empty, "toy", "ada")
    assert [kept.verdict.score for kept in history] == [1, 2, 3]
    assert verdicts.latest(empty, "toy") == {"ada": history[-1]}
    assert verdicts.history(empty, "toy", "nobody") == []


def test_a_course_folder_may_be_moved_and_used_from_any_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place = Path("submitted", "ada", "toy", "toy.ipynb")
    handed_in = Submission("ada", tmp_path / "course" / place)
    typed = Course(Path("course"))
    verdicts.keep(typed, "toy", handed_in, replace(verdict(3), notebook=str(handed_in.path)))
    verdicts.keep(typed, "toy", Submission("bo", tmp_path), verdict(3, "bo"))

    def notebooks(course: Course) -> dict[str, str]:
        return {student: kept.verdict.notebook for student, kept in verdicts.latest(course, "toy").items()}

    assert notebooks(typed) == {"ada": str(tmp_path / "course" / place), "bo": "/inbox/a.ipynb"}
    typed.root.rename("moved")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir("elsewhere")
    assert notebooks(Course(tmp_path / "moved")) == {"ada": str(tmp_path / "moved" / place), "bo": "/inbox/a.ipynb"}


def test_a_half_written_file_is_ignored(empty, submission):
    verdicts.keep(empty, "toy", submission, verdict(3))
    path = empty.verdict("toy", "bo")
    path.with_name(f".{path.name}.part").write_text(json.dumps([])[:1])

    assert list(verdicts.latest(empty, "toy")) == ["ada"]


@pytest.mark.parametrize("content", ["{", "[{}]", "3", '[{"verdict": {}, "given": "", "kit": "", "fingerprint": ""}]'])
def test_a_file_changed_by_another_program_is_reported(empty, submission, content):
    verdicts.keep(empty, "toy", submission, verdict(3))
    empty.verdict("toy", "ada").write_text(content)

    with pytest.raises(VerdictError, match=r"ada\.json was not written by this kit: remove it and grade again"):
        verdicts.latest(empty, "toy")


def test_partial_credit_follows_the_current_settings(empty, submission):
    wrong = replace(verdict(1).exercises[0], misconception="squared")
    settings = empty.root / "course.toml"
    empty.root.mkdir()
    seen = {}
    for share in (0, 0.5, 0.8, 0.4):
        settings.write_text(f"[partial_credit]\ntoy.double.squared = {share}\n")
        kept = verdicts.keep(empty, "toy", submission, replace(verdict(1), exercises=(wrong,)))
        (latest,) = verdicts.latest(empty, "toy").values()
        assert kept == latest.verdict == verdicts.current(empty, "toy", submission)
        assert kept.score == max(1, 5 * share)
        seen[latest.marks_key] = kept.score

    # A different key tells that the gradebook has older marks.
    assert [*seen.values()] == [1, 2.5, 4, 2]


def test_recorded_marks_are_read_back(empty):
    assert verdicts.recorded(empty, "toy") == {}
    verdicts.keep_recorded(empty, "toy", {"ada": "abc"})
    assert verdicts.recorded(empty, "toy") == {"ada": "abc"}


@pytest.mark.parametrize(
    ("kit", "notebook", "score", "expected"),
    [
        ("new", "{}", 2, [Change("ada", "double", 3, 2, "the kit has changed")]),
        (None, "{ }", 5, [Change("ada", "double", 3, 5, "the notebook has changed")]),
        (None, "{ }", 3, []),
        (None, "{}", 3, []),
    ],
)
def test_changed_marks_are_listed_with_the_reason(empty, submission, monkeypatch, kit, notebook, score, expected):
    verdicts.keep(empty, "toy", submission, verdict(3))
    before = verdicts.latest(empty, "toy")
    if kit:
        monkeypatch.setattr(fingerprint, "kit", lambda: kit)
    submission.path.write_text(notebook)
    verdicts.keep(empty, "toy", submission, verdict(score))
    verdicts.keep(empty, "toy", Submission("bo", submission.path), verdict(1, "bo"))  # new, not changed

    assert verdicts.changes(before, verdicts.latest(empty, "toy")) == expected


def hashed(path):
    return verdicts.fingerprint_of(Submission("ada", path))


def test_the_same_file_has_the_same_hash(tmp_path):
    path = tmp_path / "em.ipynb"
    path.write_text("{}")
    first = hashed(path)

    assert hashed(path) == first
    path.write_text("{} ")
    assert hashed(path) != first


def test_the_hash_depends_on_the_kit(tmp_path, monkeypatch):
    path = tmp_path / "em.ipynb"
    path.write_text("{}")
    first = hashed(path)

    monkeypatch.setattr(fingerprint, "kit", lambda: "another version")

    assert hashed(path) != first


def test_a_link_has_another_hash_than_its_target(tmp_path):
    (tmp_path / "ada.ipynb").write_text("{}")
    (tmp_path / "bo.ipynb").symlink_to("ada.ipynb")

    assert hashed(tmp_path / "bo.ipynb") != hashed(tmp_path / "ada.ipynb")


def test_a_missing_file_or_a_folder_has_a_hash(tmp_path):
    os.mkfifo(tmp_path / "pipe.ipynb")

    paths = [tmp_path / "pipe.ipynb", tmp_path / "missing.ipynb", tmp_path]
    assert len({hashed(path) for path in paths}) == 3


def test_verdicts_by_a_kit_without_kinds_can_be_read(empty, submission):
    check = CaseResult(name="one, two", passed=False, visible=True, message="doubles: wrong values", kind="values")
    wrong = ExerciseResult(name="double", score=0, max_score=5, checks=(check,))
    new = replace(verdict(0), exercises=(wrong,), unreadable="broken", cell_failures=("cpu",))
    verdicts.keep(empty, "toy", submission, new)
    path = empty.verdict("toy", "ada")
    (stored,) = json.loads(path.read_text())
    del stored["verdict"]["unreadable"], stored["verdict"]["cell_failures"]
    del stored["verdict"]["exercises"][0]["checks"][0]["kind"]
    path.write_text(json.dumps([stored]))

    (old,) = verdicts.history(empty, "toy", "ada")

    assert (old.verdict.unreadable, old.verdict.cell_failures) == ("", ())
    assert old.verdict.exercises[0].checks == (replace(check, kind=""),)
