import json
from dataclasses import replace

import pytest

from autograder.files import write_atomically
from autograder.grading import results
from autograder.grading.results import CaseResult, ExerciseResult, Mark, Verdict

VERDICT = Verdict(
    student="ada",
    notebook="submitted/ada/em/em.ipynb",
    status="graded",
    seconds=1.5,
    exercises=(
        ExerciseResult(
            name="e_step",
            score=3,
            max_score=5,
            misconception="log_forgotten",
            checks=(CaseResult(name="bentos", passed=False, visible=True, message="resp holds NaN"),),
            hints=("Stay in log space.",),
            closer_hints=("logsumexp does.",),
            comparison="<table></table>",
        ),
        ExerciseResult(name="bic", score=2, max_score=2),
        ExerciseResult(name="written_em", score=None, max_score=6, kind="manual"),
    ),
    notes=("Cell 3 raised NameError.",),
)


def test_the_sums():
    assert VERDICT.score == 5
    assert VERDICT.max_score == 13
    assert VERDICT.auto_score == 5
    assert VERDICT.auto_max_score == 7


def test_passed_is_full_marks():
    assert [exercise.passed for exercise in VERDICT.exercises] == [False, True, False]


def test_the_round_trip():
    assert results.from_json(json.loads(json.dumps(results.to_json(VERDICT)))) == VERDICT


def test_a_verdict_without_closer_hints_can_be_read():
    data = results.to_json(VERDICT)
    for exercise in data["exercises"]:
        del exercise["closer_hints"]

    assert [exercise.closer_hints for exercise in results.from_json(data).exercises] == [(), (), ()]


def test_the_contract_of_the_json_file(tmp_path):
    results.write(tmp_path / "deep" / "em.json", "em", [VERDICT])

    written = json.loads((tmp_path / "deep" / "em.json").read_text())

    assert written["assignment"] == "em"
    (submission,) = written["submissions"]
    assert {key: submission[key] for key in ("student", "notebook", "status", "score", "max_score", "seconds")} == {
        "student": "ada",
        "notebook": "submitted/ada/em/em.ipynb",
        "status": "graded",
        "score": 5,
        "max_score": 13,
        "seconds": 1.5,
    }
    e_step, bic, written_em = submission["exercises"]
    assert (e_step["name"], e_step["score"], e_step["max_score"], e_step["passed"]) == ("e_step", 3, 5, False)
    assert (e_step["kind"], e_step["misconception"]) == ("auto", "log_forgotten")
    assert e_step["checks"] == [
        {"name": "bentos", "passed": False, "visible": True, "message": "resp holds NaN", "kind": ""}
    ]
    assert "comparison" not in e_step  # pictures are only on the pages
    assert bic["passed"] is True
    assert bic["misconception"] is None
    assert (written_em["kind"], written_em["score"]) == ("manual", None)


@pytest.mark.parametrize(
    ("levels", "weakest"),
    [([], None), (["namespaces"] * 2, "namespaces"), (["namespaces", "none", "landlock"], "none")],
)
def test_the_file_gives_the_weakest_isolation_level(tmp_path, levels, weakest):
    results.write(tmp_path / "em.json", "em", [replace(VERDICT, isolation=level) for level in levels])

    assert json.loads((tmp_path / "em.json").read_text())["isolation"] == weakest


NONE = {name: Mark() for name in ("e_step", "bic", "written_em")}


@pytest.mark.parametrize(
    ("name", "mark", "of_exercise", "in_all"),
    [
        ("written_em", Mark(), None, 5),
        ("written_em", Mark(score=0), 0, 5),
        ("written_em", Mark(score=4.5), 4.5, 9.5),
        ("written_em", Mark(score=4.5, extra=0.5), 5, 10),
        ("written_em", Mark(extra=0.5), None, 5),
        ("e_step", Mark(score=5), 5, 7),
        ("e_step", Mark(extra=-1), 2, 4),
    ],
)
def test_a_mark_entered_by_a_person_counts(name, mark, of_exercise, in_all):
    marked = VERDICT.with_marks(NONE | {name: mark}, late_penalty=0)

    (result,) = (exercise for exercise in marked.exercises if exercise.name == name)
    assert result.score == of_exercise
    assert result.by_hand == (mark != Mark())
    assert marked.score == in_all
    assert [a for a in marked.exercises if a.name != name] == [a for a in VERDICT.exercises if a.name != name]


@pytest.mark.parametrize(("penalty", "final"), [(0, 5), (2, 3), (7, 0)])
def test_the_late_penalty_lowers_the_score_to_0_at_least(penalty, final):
    marked = VERDICT.with_marks(NONE, late_penalty=penalty)

    assert (marked.score, marked.final_score) == (5, final)
    assert results.to_json(marked)["final_score"] == final


def test_a_file_is_read_back(tmp_path):
    marked = VERDICT.with_marks(NONE | {"bic": Mark(score=1, comment="Half.")}, late_penalty=1)
    results.write(tmp_path / "em.json", "em", [VERDICT, marked])

    assert results.read(tmp_path / "em.json") == [without_pictures(VERDICT), without_pictures(marked)]


def without_pictures(verdict: Verdict) -> Verdict:
    return replace(verdict, exercises=tuple(replace(question, comparison="") for question in verdict.exercises))


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "em.json"
    write_atomically(path, "old")

    def full(self, target):
        raise OSError("no space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OSError, match="no space"):
        write_atomically(path, "new")

    assert path.read_text() == "old\n"


def test_half_a_character_is_written_as_a_question_mark(tmp_path):
    write_atomically(tmp_path / "a.html", "half \ud800")

    assert (tmp_path / "a.html").read_text() == "half ?\n"


@pytest.mark.parametrize(
    ("share", "score", "partial_credit"), [(0, 3, 0), (0.5, 3, 0), (0.6, 3, 0), (0.8, 4, 1), (1, 5, 2)]
)
def test_a_known_mistake_earns_at_least_its_share(share, score, partial_credit):
    shares = {"e_step": {"log_forgotten": share, "another": 1}, "bic": {"log_forgotten": 1}}

    e_step, *others = VERDICT.with_partial_credit(shares).exercises

    assert (e_step.score, e_step.partial_credit) == (score, partial_credit)
    assert others == list(VERDICT.exercises[1:])


def test_the_remarks_beside_the_checks():
    assert VERDICT.exercises[0].remarks == (("Hint", "Stay in log space."), ("Closer hint", "logsumexp does."))

    more = replace(VERDICT.exercises[0], follows=("e_step", "bic"), difference="Half of it.", partial_credit=1.5)
    headings, texts = zip(*more.remarks, strict=True)
    assert headings == ("Follow-through", "What differs", "Hint", "Closer hint", "Partial credit")
    assert "in your own e_step and bic" in texts[0]
    assert texts[1] == "Half of it."
    assert texts[4].endswith(": 1.5.")
    assert "Partial credit" not in dict(more.with_mark(Mark(score=4)).remarks)  # a person set the score
