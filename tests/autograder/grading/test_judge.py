"""From a notebook to a verdict, in the real sandbox."""

from dataclasses import replace
from pathlib import Path

import pytest

from autograder.exercises import Assignment
from autograder.grading import judge as judging
from autograder.grading.judge import grade, judge
from autograder.grading.results import Verdict
from autograder.grading.run import Run, read, run
from autograder.limits import Limits
from autograder.sandbox.sandbox import Sandbox
from autograder.student.selfcheck import judge as told
from autograder.submissions.locate import Submission
from tests.autograder.toy import DOUBLE, RELEASED, SKELETON, TOY, notebook


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory, sandbox_of):
    limits = Limits(cell_seconds=2, wall_factor=60)  # seconds of processor time: a busy machine is slow by the clock
    return sandbox_of(tmp_path_factory.mktemp("bundle"), limits)


@pytest.fixture
def graded(sandbox, tmp_path):
    def grade_cells(double: str, *more: str) -> Verdict:
        path = notebook(tmp_path / "ada.ipynb", double, *more)
        return grade(Submission("ada", path), TOY, RELEASED, sandbox)

    return grade_cells


def messages(verdict: Verdict) -> list[str]:
    return [check.message for check in verdict.exercises[0].checks]


def test_a_right_answer_earns_full_marks(graded):
    verdict = graded("def double(x):\n    return [2 * float(v) for v in x]")

    double, essay = verdict.exercises
    assert verdict.status == "graded"
    assert (double.score, double.max_score, double.passed) == (5, 5, True)
    assert all(check.passed and not check.message for check in double.checks)
    assert double.hints == ()
    assert (essay.kind, essay.score, essay.max_score) == ("manual", None, 4)
    assert verdict.notes == ()


def test_an_aspect_is_lost_as_a_whole_and_alone(graded):
    verdict = graded("def double(x):\n    return 2 * x if len(x) < 4 else x")

    double = verdict.exercises[0]
    assert double.score == 2
    assert [check.passed for check in double.checks] == [True, True, True, True, False]
    assert double.hints == ("Any length.",)
    assert double.closer_hints == ()


def test_a_constant_and_the_memorised_visible_answer_earn_nothing(graded):
    assert graded("def double(x):\n    return jnp.array([2.0, 4.0])").score == 0


def test_a_known_mistake_is_named(graded):
    double = graded("def double(x):\n    return x * x").exercises[0]

    assert double.misconception == "squared"
    assert double.hints == ("The numbers were squared. Twice, not x times.",)
    assert double.closer_hints == ("x + x, for every x.",)  # that of the aspect: the mistake has none


def test_the_difference_is_described_for_unknown_mistakes(graded):
    double = graded("def double(x):\n    return 3 * x").exercises[0]

    assert double.misconception is None
    assert double.difference == "Every value is 1.5 times the expected one."
    assert graded("def double(x):\n    return x * x").exercises[0].difference is None
    assert graded("def double(x):\n    return x + x").exercises[0].difference is None


def test_messages_give_numbers_of_visible_cases_only(graded):
    visible, hidden, *_ = messages(graded("def double(x):\n    return 3 * x"))

    assert visible == "doubles: 2 of 2 values are wrong, first [0]: 3, expected 2"
    assert hidden == "doubles: wrong values"


def test_a_wrong_answer_is_shown_beside_the_right_one(graded):
    wrong = graded("def double(x):\n    return 3 * x").exercises[0].comparison

    assert wrong.startswith("<p>one, two:</p>")
    assert "doubles: what came back, and what was expected" in wrong
    assert graded("def double(x):\n    return x + x").exercises[0].comparison == ""


def test_the_text_of_an_exception_is_not_shown_for_hidden_cases(graded):
    visible, hidden, *_ = messages(graded("def double(x):\n    raise ValueError(f'no {x}')"))

    assert visible.startswith("double raised ValueError: no [1. 2.]")
    assert "line 2" in visible
    assert hidden == "double raised ValueError"


def test_no_hidden_input_is_known_when_a_visible_case_is_tried(sandbox, tmp_path):
    small, long = DOUBLE.aspects
    first, *others = long.hidden
    long = replace(long, visible={first: long.hidden[first]}, hidden={name: long.hidden[name] for name in others})
    assignment = replace(TOY, exercises=(replace(DOUBLE, aspects=(small, long)),))
    leak = "seen = []\ndef double(x):\n    seen.append([int(v) for v in x])\n    raise ValueError(f'saw {seen}')"
    path = notebook(tmp_path / "ada.ipynb", leak)

    told = messages(grade(Submission("ada", path), assignment, RELEASED, sandbox))

    assert "saw [[1, 2]] " in told[0]
    assert "saw [[1, 2], [1, 2, 3]] " in told[3]
    assert not any("saw" in message for message in (told[1], told[2], told[4]))


def test_the_name_of_an_exception_carries_no_inputs(graded):
    leak = "def double(x):\n    raise type('Inputs' + '_'.join(str(int(v)) for v in x), (Exception,), {})()"

    _, hidden, *_ = messages(graded(leak))

    assert hidden == "double raised an exception"


def test_a_skeleton_is_not_written_yet(graded):
    verdict = graded(SKELETON)

    assert set(messages(verdict)) == {"double is not written yet"}
    assert verdict.exercises[0].hints == ()


def test_a_syntax_error_is_reported_with_its_line(graded):
    verdict = graded("def double(x:\n    return 2 * x")

    (message,) = set(messages(verdict))
    assert message.startswith("double is not defined: its cell raised SyntaxError")
    assert "def double(x:" in message


def test_a_renamed_function_is_reported(graded):
    assert set(messages(graded("def twice(x):\n    return 2 * x"))) == {
        "double is not defined: its cell defines no such name"
    }


def test_a_deleted_cell_is_reported(sandbox, tmp_path):
    path = notebook(tmp_path / "ada.ipynb", "")
    path.write_text(path.read_text().replace('"grade_id": "double"', '"grade_id": "gone"'))

    verdict = grade(Submission("ada", path), TOY, RELEASED, sandbox)

    assert set(messages(verdict)) == {
        "double is not defined, and the cell double is missing from the notebook: copy it from the released one"
    }


def test_a_cell_that_fails_costs_nothing_else(graded):
    verdict = graded("def double(x):\n    return 2 * x", "1 / 0", "import os; os._exit(1)", "while True: pass")

    assert verdict.exercises[0].passed
    assert verdict.notes[0].startswith("Cell 3 raised ZeroDivisionError: division by zero")
    assert verdict.notes[1].startswith("Cell 4 ended the process")
    assert verdict.notes[2].startswith("Cell 5 used more than 2 seconds of processor time")


def test_only_a_few_of_thousands_of_failing_cells_are_listed(graded):
    verdict = graded("def double(x):\n    return 2 * x", *(["1 / 0"] * 30))

    assert verdict.exercises[0].passed
    assert len(verdict.notes) == 21
    assert verdict.notes[-1] == "10 more lines failed."


def test_a_hang_in_one_case_costs_one_aspect(graded):
    verdict = graded("def double(x):\n    while len(x) == 3: pass\n    return 2 * x")

    assert verdict.exercises[0].score == 2
    assert messages(verdict)[3] == "double used more than 2 seconds of processor time"
    assert messages(verdict)[4] == "double was not tried again after it used more than 2 seconds of processor time"


def test_a_crash_in_every_call_ends_soon(graded):
    verdict = graded("import os\ndef double(x):\n    os.abort()")

    assert verdict.score == 0
    assert messages(verdict)[0] == "double ended the process (SIGABRT)"


def test_a_notebook_that_cannot_be_read_has_a_verdict(sandbox, tmp_path):
    path = tmp_path / "ada.ipynb"
    path.write_text("{")

    verdict = grade(Submission("ada", path), TOY, RELEASED, sandbox)

    assert verdict.status == "unreadable"
    assert (verdict.score, verdict.max_score) == (0, 9)
    assert messages(verdict)[0].startswith("double could not be checked, because the notebook could not be read: ")


@pytest.mark.parametrize(
    ("second", "score", "follows"),
    [
        ("double(double(x))", 5, ("double",)),
        ("x**4", 5, ("double",)),  # only its returned values count
        ("double(x)", 0, ()),
        ("double(double(x)) if len(x) == 2 else 0 / 0", 2, ("double",)),  # a case that raises is still lost
    ],
)
def test_an_earlier_mistake_costs_nothing_again(sandbox, tmp_path, doubled_twice, second, score, follows):
    path = notebook(tmp_path / "ada.ipynb", "def double(x): return x**2", f"def quadruple(x): return {second}")

    verdict = grade(Submission("ada", path), doubled_twice, RELEASED, sandbox)

    double, quadruple = verdict.exercises
    assert (double.score, double.misconception) == (0, "squared")
    assert (quadruple.score, quadruple.follows) == (score, follows)
    assert not quadruple.misconception


def test_an_unknown_mistake_excuses_nothing(sandbox, tmp_path, doubled_twice):
    path = notebook(tmp_path / "ada.ipynb", "def double(x): return 0 * x", "def quadruple(x): return 0 * x")

    verdict = grade(Submission("ada", path), doubled_twice, RELEASED, sandbox)

    assert [exercise.score for exercise in verdict.exercises] == [0, 0]


# --- explanations do not decide the verdict ---


def run_of(path: Path, assignment: Assignment, sandbox: Sandbox) -> Run:
    submission = Submission("ada", path)
    return run(submission, read(submission, RELEASED, assignment.name), assignment, sandbox)


def fail(*_):
    raise ValueError("a bug of ours")


@pytest.mark.parametrize(
    ("module", "helper"),
    [
        (judging, "follows_from"),
        (judging, "name_mistake"),
        (told, "difference"),
        (judging, "comparison"),
        (told, "helpful"),
        (told, "closer_hints"),
    ],
)
def test_a_helper_that_fails_costs_no_verdict(sandbox, tmp_path, monkeypatch, caplog, module, helper):
    path = notebook(tmp_path / "ada.ipynb", "def double(x): return 3 * x if len(x) == 2 else 2 * x")
    done = run_of(path, TOY, sandbox)
    usual = judge(done, TOY).exercises[0]

    monkeypatch.setattr(module, helper, fail)
    double = judge(done, TOY).exercises[0]

    assert double.score == usual.score == 3
    assert double.checks == usual.checks
    assert double.hints == usual.hints
    assert (double.difference == usual.difference) == (helper != "difference")
    assert (double.comparison == usual.comparison) == (helper != "comparison")
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("autograder.student.selfcheck.display.aside", "ERROR")
    assert "ValueError: a bug of ours" in (record.exc_text or "")


def test_all_hints_are_given_if_choosing_them_fails(sandbox, tmp_path, monkeypatch):
    path = notebook(tmp_path / "ada.ipynb", "def double(x): return 2 * x[None]")
    done = run_of(path, TOY, sandbox)
    usual = judge(done, TOY).exercises[0]

    monkeypatch.setattr(told, "helpful", fail)

    assert usual.hints == ("Add x to itself.",)
    assert judge(done, TOY).exercises[0].hints == ("Add x to itself.", "Any length.")


def test_points_are_given_without_follow_through_if_it_fails(sandbox, tmp_path, doubled_twice, monkeypatch, caplog):
    path = notebook(tmp_path / "ada.ipynb", "def double(x): return x**2", "def quadruple(x): return double(double(x))")
    done = run_of(path, doubled_twice, sandbox)

    monkeypatch.setattr(judging, "follows_from", fail)
    double, quadruple = judge(done, doubled_twice).exercises

    assert (double.score, double.misconception, quadruple.score, quadruple.follows) == (0, "squared", 0, ())
    assert len(caplog.records) == 2


def test_a_picture_that_cannot_be_drawn_is_left_out(sandbox, tmp_path, monkeypatch, caplog):
    path = notebook(tmp_path / "ada.ipynb", "def double(x): return 3 * x")
    done = run_of(path, TOY, sandbox)

    monkeypatch.setattr("autograder.grading.illustration.plot", fail)
    double = judge(done, TOY).exercises[0]

    assert (double.score, double.comparison) == (0, "")
    assert [record.name for record in caplog.records] == ["autograder.grading.illustration"]
