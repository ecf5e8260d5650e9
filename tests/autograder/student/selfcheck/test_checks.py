"""The self-check as a student uses it: a JSON file beside the notebook, and one call."""

import json
import time

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from autograder.student.selfcheck import CheckFailed, Checks, checks, codec, judge
from autograder.student.selfcheck.display.report import Case, Report
from autograder.student.selfcheck.probes import CALL, Draws
from autograder.student.selfcheck.rules.arrays import Arrays, Part
from autograder.student.selfcheck.values import Key

X = np.array([1.0, 2.0, 4.0], np.float32)


def case(name, hint, rule, *seeds, closer=""):
    return {
        "name": name,
        "hint": hint,
        "closer": closer,
        "rule": codec.encode_rule(rule),
        "probe": codec.encode_probe(CALL),
        "seeds": [{"args": codec.encode(args), "expected": codec.encode(expected)} for args, expected in seeds],
    }


@pytest.fixture
def check(tmp_path, monkeypatch):
    squares, draw = (Arrays((Part(name, shape),)) for name, shape in (("squares", "(N,)"), ("draw", "()")))
    exercise = {
        "cases": [
            case("three numbers", "Multiply.", squares, ((X,), X**2)),
            case("zeros", "0 too.", squares, ((0 * X,), 0 * X)),
        ],
        "mistakes": [
            {
                "name": "doubled",
                "says": "The number was doubled.",
                "hint": "What does the exponent say?",
                "closer": "",
                "rounding": False,
                "returns": [codec.encode({"three numbers": 2 * X, "zeros": 0 * X})],
            }
        ],
        "together": [],
        "seconds": 2,
    }
    keyed = {
        "cases": [case("a key", "", draw, ((Key(3), 2), np.array(6.0)))],
        "mistakes": [],
        "together": [],
        "seconds": 2,
    }
    twice = {
        "cases": [case("twice", "", draw, ((Key(1),), np.array(1.0)), ((Key(2),), np.array(2.0)))],
        "mistakes": [],
        "together": [],
        "seconds": 2,
    }
    exercises = {"square": exercise, "draw": keyed, "twice": twice}
    (tmp_path / "toy.json").write_text(json.dumps({"exercises": exercises}))
    monkeypatch.chdir(tmp_path)
    return Checks("toy")


@pytest.fixture
def helpful(check, tmp_path):
    """The same checks, with closer hints on what a square is, and on one mistake."""
    exercises = json.loads((tmp_path / "toy.json").read_text())["exercises"]
    for one in exercises["square"]["cases"]:
        one["closer"] = "3 times 3 is 9."
    exercises["square"]["mistakes"][0]["closer"] = "2 times x is not x times x."
    (tmp_path / "toy.json").write_text(json.dumps({"exercises": exercises}))
    return Checks("toy")


def hints(check, function, name="square"):
    """What a failing check says, line by line, from the first hint on."""
    with pytest.raises(CheckFailed) as failed:
        check(name, function)
    lines = str(failed.value).splitlines()
    return [line.strip() for line in lines if "int: " in line]


ANNOUNCED = "Closer hint: you get it if the next check of this exercise fails too."


def test_a_closer_hint_comes_with_the_second_check_that_fails(helpful):
    assert hints(helpful, lambda x: x**3) == ["Hint: Multiply.", ANNOUNCED]
    assert hints(helpful, lambda x: x**4) == ["Hint: Multiply.", "Closer hint: 3 times 3 is 9."]
    assert hints(helpful, lambda x: x**3) == ["Hint: Multiply.", "Closer hint: 3 times 3 is 9."]


def test_a_known_mistake_has_a_closer_hint_of_its_own(helpful):
    with pytest.raises(CheckFailed):
        helpful("square", lambda x: x**3)

    assert hints(helpful, lambda x: 2 * x) == [
        "Hint: The number was doubled. What does the exponent say?",
        "Closer hint: 2 times x is not x times x.",
    ]


def test_without_a_closer_hint_none_is_announced(check):
    assert hints(check, lambda x: x**3) == ["Hint: Multiply."]
    assert hints(check, lambda x: x**3) == ["Hint: Multiply."]


def test_what_is_not_written_and_what_is_right_are_no_failures(helpful):
    def unwritten(x):
        raise NotImplementedError

    assert hints(helpful, unwritten) == []
    assert hints(helpful, unwritten) == []
    helpful("square", lambda x: x**2)
    assert hints(helpful, lambda x: x**3)[-1] == ANNOUNCED
    helpful("square", lambda x: x**2)
    assert hints(helpful, lambda x: x**3)[-1] == "Closer hint: 3 times 3 is 9."


def test_another_exercise_and_another_session_count_for_themselves(helpful):
    with pytest.raises(CheckFailed):
        helpful("draw", lambda key, n: 0.0)

    assert hints(helpful, lambda x: x**3)[-1] == ANNOUNCED
    assert hints(Checks("toy"), lambda x: x**3)[-1] == ANNOUNCED


def test_a_closer_hint_is_shown_in_a_notebook_too(helpful):
    with pytest.raises(CheckFailed):
        helpful("square", lambda x: x**3)
    trials = [checks._run("square", lambda x: x**3, one, set()) for one in helpful._exercises["square"]["cases"]]
    report = checks._report("square", lambda x: x**3, helpful._exercises["square"], trials, {}, again=True, lists=False)

    assert "<strong>Closer hint.</strong> 3 times 3 is 9." in report.html()


def test_a_right_function_passes(check, capsys):
    check("square", lambda x: x**2)

    assert capsys.readouterr().out.splitlines() == [
        "square: 2 of 2 public cases are right",
        "  ✓ three numbers",
        "  ✓ zeros",
        "1 of 3 exercises is right so far.",
        "  ✓ square   ○ draw   ○ twice",
    ]


def test_arguments_are_jax_arrays_and_keys(check):
    def draw(key, n):
        assert jnp.issubdtype(key.dtype, jax.dtypes.prng_key)
        return 3.0 * n

    check("draw", draw)
    check("square", jax.jit(lambda x: x.at[:].multiply(x)))


def test_a_random_case_is_lost_only_if_it_fails_twice(check):
    called = []
    check("twice", lambda key: called.append(key) or 2.0)

    assert len(called) == 2
    with pytest.raises(CheckFailed, match="draw: 3, expected 2"):
        check("twice", lambda key: 3.0)


def test_a_wrong_function_shows_the_expected_values(check):
    with pytest.raises(CheckFailed) as failed:
        check("square", lambda x: x**3)

    assert str(failed.value).splitlines() == [
        "square: 1 of 2 public cases are right",
        "  ✗ three numbers",
        "      squares: 2 of 3 values are wrong, first [1]: 8, expected 4",
        "          x   came back   expected",
        "      ✓   1           1          1",
        "      ✗   2           8          4",
        "      ✗   4          64         16",
        "      the arguments of this case, to copy into a cell of your own",
        "      x = jnp.array([1.0, 2.0, 4.0])",
        "  ✓ zeros",
        "  Hint: Multiply.",
        "0 of 3 exercises are right so far.",
        "  ✗ square   ○ draw   ○ twice",
    ]


def test_a_problem_that_every_case_has_is_told_once(check):
    with pytest.raises(CheckFailed) as failed:
        check("square", lambda x: undefined)  # noqa: F821 # pyright: ignore[reportUndefinedVariable]

    told = str(failed.value)
    assert told.count("raised NameError") == 1
    assert "Hint: Python does not know this name here." in told
    assert "Multiply" not in told


def test_a_list_is_right_and_gets_a_remark(check, capsys):
    check("square", lambda x: [number**2 for number in x])
    assert "A list: square returns a list." in capsys.readouterr().out
    check("square", lambda x: x**2)
    assert "A list" not in capsys.readouterr().out


def test_a_helper_that_is_repaired_counts_at_the_next_check(tmp_path, monkeypatch):
    rule = Arrays((Part("draws", "(S,)"),))
    probe = codec.encode_probe(Draws(count=10))
    one = case("a key", "", rule, ((Key(1), X), np.tile(2 * X, (10, 1)))) | {"probe": probe}
    exercise = {"cases": [one], "mistakes": [], "together": [], "seconds": 2}
    (tmp_path / "toy.json").write_text(json.dumps({"exercises": {"doubled": exercise}}))
    monkeypatch.chdir(tmp_path)
    check, helper = Checks("toy"), {"factor": 3}

    def doubled(key, x):
        return helper["factor"] * x

    with pytest.raises(CheckFailed):
        check("doubled", doubled)
    helper["factor"] = 2
    check("doubled", doubled)


def test_backticks_mark_code(check):
    report = Report(exercise="square", cases=(Case("a", problem="no"),), hints=("Use `a < b`.",))
    assert "a &lt; b</code>." in report.html()
    assert "`" not in report.html()


def test_a_known_mistake_is_named(check):
    with pytest.raises(CheckFailed, match=r"Hint: The number was doubled\. What does the exponent say\?\n0 of 3"):
        check("square", lambda x: x + x)


def test_a_forgotten_return_is_named(check):
    def prints(x):
        print(x**2)

    with pytest.raises(CheckFailed, match="returned nothing") as failed:
        check("square", prints)
    assert "There is no `return` in square." in str(failed.value)

    def returns_too_rarely(x):
        if len(x) > 5:
            return x**2
        return None

    with pytest.raises(CheckFailed, match="returned nothing") as failed:
        check("square", returns_too_rarely)
    assert "There is no `return`" not in str(failed.value)


def test_jupyter_shows_the_report_and_no_frames(check):
    with pytest.raises(CheckFailed) as failed:
        check("square", lambda x: x + x)

    assert failed.value._render_traceback_() == str(failed.value).splitlines()


def test_without_a_known_mistake_the_difference_is_described(check):
    with pytest.raises(CheckFailed, match=r"What differs: Every value is 3 times the expected one\.\n  Hint: Multiply"):
        check("square", lambda x: 3 * x**2)


def test_passed_reports_the_last_check(check):
    assert not check.passed("square")
    check("square", lambda x: x**2)
    assert check.passed("square")
    with pytest.raises(CheckFailed):
        check("square", lambda x: x)
    assert not check.passed("square")


def test_a_cell_that_needs_an_answer_says_so_until_its_check_has_passed(check, capsys):
    assert not check.needs("square")
    assert "Write `square` and run its check first" in capsys.readouterr().out
    with pytest.raises(CheckFailed):
        check("square", lambda x: x)
    capsys.readouterr()
    assert not check.needs("square")
    assert "the last check of `square` failed" in capsys.readouterr().out
    check("square", lambda x: x**2)
    capsys.readouterr()
    assert check.needs("square")
    assert capsys.readouterr().out == ""


def test_the_checks_display_as_progress(check):
    check("square", lambda x: x**2)

    assert repr(check).splitlines() == ["1 of 3 exercises is right so far.", "  ✓ square   ○ draw   ○ twice"]
    page = check._repr_html_()
    assert "1 of 3 exercises is right so far." in page
    assert page.count('aria-label="not checked yet"') == 2


@pytest.fixture
def displayed(monkeypatch) -> list[Report]:
    """The objects that are displayed from now on, as in a notebook."""
    shown = []
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: True)
    monkeypatch.setattr("IPython.display.display", shown.append)
    return shown


def test_a_notebook_shows_the_report_once(check, displayed, capsys):
    check("square", lambda x: x**2)
    with pytest.raises(CheckFailed) as failed:
        check("square", lambda x: x + x)

    right, wrong = displayed
    assert (right.passed, wrong.passed) == (True, False)
    assert capsys.readouterr().out == ""
    assert failed.value._render_traceback_() == ["square: 1 of 2 public cases are right"]
    assert str(failed.value) == str(wrong)  # for readers of the file without its pictures


def test_an_exception_is_reported_with_its_message(check):
    def square(x):
        raise ValueError("no squares today")

    with pytest.raises(CheckFailed, match="square raised ValueError: no squares today"):
        check("square", square)


def test_a_skeleton_is_not_written_yet(check):
    def square(x):
        raise NotImplementedError

    with pytest.raises(CheckFailed, match="square is not written yet") as failed:
        check("square", square)
    assert "Hint" not in str(failed.value)


def test_an_unknown_exercise_raises_an_error(check):
    with pytest.raises(KeyError, match="no exercise 'cube'; there are: square, draw, twice"):
        check("cube", abs)


def test_a_missing_file_raises_an_error(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(FileNotFoundError, match=r"em\.json is not beside this notebook"):
        Checks("em")


@pytest.mark.parametrize(
    ("module", "helper"),
    [(checks, "named"), (judge, "helpful"), (checks, "table"), (judge, "difference"), (checks, "plot")],
)
def test_a_helper_that_fails_costs_no_report(check, monkeypatch, caplog, module, helper):
    def fail(*args):
        raise ValueError("a bug of ours")

    monkeypatch.setattr(module, helper, fail)
    with pytest.raises(CheckFailed, match="squares: 3 of 3 values are wrong") as failed:
        check("square", lambda x: x**2 + 1)

    assert "Multiply." in str(failed.value)
    assert {record.name for record in caplog.records} == {"autograder.student.selfcheck.display.aside"}
    assert not check.passed("square")


def test_a_call_near_its_limit_gets_a_warning(check, capsys):
    def square(x):
        end = time.process_time() + 1.1
        while time.process_time() < end:
            pass
        return x * x

    check("square", square)
    said = " ".join(capsys.readouterr().out.split())
    assert "square used 1 seconds of processor time" in said
    assert "one call may use 2 seconds" in said

    check("square", lambda x: x * x)
    assert "processor time" not in capsys.readouterr().out
