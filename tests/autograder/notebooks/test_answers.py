"""Scripts of right students: listed, run below the notebook's given cells, and refused where they are broken."""

import sys
import traceback

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from autograder import paths
from autograder.errors import AnswerError
from autograder.notebooks import answers
from autograder.paths import ASSIGNMENTS
from autograder.student.selfcheck.values import Prior

E_STEP = "# %% e_step\ndef e_step(x, weights, means, stds):\n    return x, 0.0\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder in place of the right answers to every assignment; scripts are read anew."""
    monkeypatch.setattr(paths, "answers", lambda assignment: tmp_path)
    monkeypatch.setattr(answers, "scripts", answers.scripts.__wrapped__)
    return tmp_path


def one(folder, text: str) -> answers.Script:
    (folder / "zoe.py").write_text(text, encoding="utf-8")
    (script,) = answers.scripts("em")
    return script


def problem(folder, text: str) -> str:
    with pytest.raises(AnswerError) as raised:
        answers.load(one(folder, text))
    return str(raised.value)


# --- what is right ---


def test_a_script_is_run_cell_by_cell_below_the_given_cells(folder):
    script = one(
        folder,
        "# Uses names of the given cells, and a name of its own.\n\n"
        "# %% scratch\nfactor = 2\n\n"
        "# %% bic\ndef bic(log_likelihood, num_components, num_observations):\n"
        "    return factor * jnp.log(len(BENTOS)) + norm.logpdf(0.0)\n\n"
        "# %% anomaly_score\nanomaly_score = lambda x, *theta: plot_fit and bic(0, 1, 1)\n\n"
        "# %% written_em [markdown]\n# this is no code\n",
    )

    assert script.name == "zoe"
    assert script.exercises == ("bic", "anomaly_score")
    functions = answers.load(script)
    assert list(functions) == ["bic", "anomaly_score"]
    assert functions["anomaly_score"](None) == pytest.approx(2 * np.log(20) - np.log(2 * np.pi) / 2)


def test_a_script_goes_on_with_the_code_of_another(folder):
    (folder / "ada.py").write_text(
        "# %% scratch\nbase = 3\n\n# %% bic\ndef bic(*args):\n    return base\n\n# %% written_em [markdown]\n# text\n"
    )
    (folder / "zoe.py").write_text(
        "# %% scratch from em/ada\n\n# %% anomaly_score\ndef anomaly_score(*args):\n    return 2 * bic()\n"
    )

    _, zoe = answers.scripts("em")
    assert zoe.exercises == ("anomaly_score",)
    assert answers.load(zoe)["anomaly_score"]() == 6


def test_each_script_has_names_of_its_own(folder):
    (folder / "ada.py").write_text("# %% bic\nbase = 1\n\ndef bic(*args):\n    return base\n")
    (folder / "bob.py").write_text("# %% bic\nbase = 2\n\ndef bic(*args):\n    return base\n")

    assert [answers.load(script)["bic"]() for script in answers.scripts("em")] == [1, 2]
    assert answers.names("em", "bic") == ["reference", "ada", "bob"]
    assert answers.answer("em", "bob", "bic")() == 2


def test_the_quick_answer_comes_before_the_reference_and_the_others_by_name(folder):
    for name in ("zoe", "quick", "ada"):
        (folder / f"{name}.py").write_text(E_STEP)

    assert answers.names("em", "e_step") == ["quick", "reference", "ada", "zoe"]
    assert answers.names("em", "m_step") == ["reference"]
    assert answers.answer("em", "reference", "e_step").__module__ == "reference.em"


def test_the_prior_and_the_programs_of_the_notebook_are_there(folder):
    (folder / "zoe.py").write_text(
        "# %% coffee_gmm\n@gen\ndef coffee_gmm(num_observations):\n    return normal(0.0, 1.0) @ 'x'\n\n"
        "# %% choose_mean_prior\ndef choose_mean_prior():\n    return Prior(1, 2, 3, 4, 5)\n"
    )
    (script,) = answers.scripts("coffee")

    assert answers.load(script)["choose_mean_prior"]() == Prior(1, 2, 3, 4, 5)


@pytest.mark.parametrize("before", ["nothing", "a self-check"])
def test_a_self_check_that_is_loaded_stays(folder, before, monkeypatch):
    monkeypatch.delitem(sys.modules, "selfcheck", raising=False)
    if before == "a self-check":
        monkeypatch.setitem(sys.modules, "selfcheck", pytest)

    answers.load(one(folder, f"# {before}\n\n{E_STEP}"))

    assert sys.modules.get("selfcheck") is (pytest if before == "a self-check" else None)


def test_in_float64_arrays_of_floats_are_wide_and_nothing_else_is():
    seen = []

    def function(*args):
        seen.extend(args)
        return jnp.zeros(2)

    given = (jnp.ones(3), jnp.arange(2), jax.random.key(0), 0.5, Prior(jnp.ones(2), 1, 2, 3, 4), {"mu": jnp.ones(1)})
    returned = answers.in_float64(function)(*given)

    assert returned.dtype == np.float64
    floats, integers, key, number, prior, samples = seen
    assert floats.dtype == prior.alpha.dtype == samples["mu"].dtype == np.float64
    assert integers.dtype == np.int32
    assert key is given[2]
    assert number == 0.5
    assert isinstance(prior, Prior)
    assert jnp.zeros(1).dtype == np.float32


# --- what is broken ---


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "em/answers/zoe.py: answers no exercise"),
        ("# only a comment\n", "em/answers/zoe.py: answers no exercise"),
        ("# %% scratch\nx = 1\n", "em/answers/zoe.py: answers no exercise"),
        ("import numpy as np\n" + E_STEP, "em/answers/zoe.py: above the first cell there may be comments only"),
        ("# %% e_stp\nx = 1\n", "em/answers/zoe.py, line 1: em has no exercise 'e_stp'"),
        (E_STEP + "\n# %% delete m_step\n", "em/answers/zoe.py, line 5: em has no exercise 'delete m_step'"),
        (E_STEP + E_STEP, "em/answers/zoe.py, line 4: e_step has a cell already"),
        ("# %% written_em\nx = 1\n", "em/answers/zoe.py, line 1: em has no exercise 'written_em'"),
        ("# %% e_step\ndef estep(): ...\n", "em/answers/zoe.py: the cell e_step defines no function e_step"),
        ("# %% e_step\ne_step = 3\n", "em/answers/zoe.py: the cell e_step defines no function e_step"),
        ("# %% e_step\n1 / 0\n", "em/answers/zoe.py: the cell e_step raises ZeroDivisionError: division by zero"),
        ("# %% e_step\nexit(0)\n", "em/answers/zoe.py: the cell e_step raises SystemExit: 0"),
        ("# %% scratch from em/ada\n" + E_STEP, "em/answers/zoe.py, line 1: there is no script 'em/ada'"),
        ("# %% scratch from ada\n" + E_STEP, "em/answers/zoe.py, line 1: there is no script 'ada'"),
        ("# %% scratch\nraise SystemExit\n" + E_STEP, "em/answers/zoe.py: the cell scratch raises SystemExit"),
        ("# %% e_step\nimport no_such_library\n", "the cell e_step raises ModuleNotFoundError: No module named"),
        ("# %% e_step\ndef e_step(:\n", "em/answers/zoe.py: the cell e_step raises SyntaxError: invalid syntax"),
        ("# %% e_step\n%pip install x\n", "em/answers/zoe.py: the cell e_step raises SyntaxError: invalid syntax"),
    ],
)
def test_a_broken_script_is_refused_with_its_place(folder, text, says):
    assert says in problem(folder, text)


def test_an_error_is_shown_at_the_line_of_the_file(folder):
    script = one(
        folder, "# A comment.\n\n# %% scratch\nx = 1\n\n# %% e_step\ndef e_step(x, *theta):\n    return 1 / 0\n"
    )

    with pytest.raises(ZeroDivisionError) as raised:
        answers.load(script)["e_step"](1)
    last = traceback.extract_tb(raised.tb)[-1]
    assert (last.filename, last.lineno) == (str(folder / "zoe.py"), 8)


# --- the scripts that there are ---


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_six_students_are_right_and_say_how_they_work(assignment):
    found = answers.scripts(assignment)

    assert len(found) >= 6
    for script in found:
        text = script.path.read_text(encoding="utf-8")
        assert text.startswith("# %% " if "[markdown]" in text else "# ")
        assert len(text.splitlines()) <= 350
