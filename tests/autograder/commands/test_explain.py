from dataclasses import replace

import numpy as np
import pytest
from rich.console import Console

from autograder.commands import explain, grade
from autograder.commands.explain import Explanation
from autograder.commands.local import Local
from autograder.errors import ExplainError
from autograder.student.selfcheck.rules.arrays import Arrays, Part, Tolerance
from autograder.student.selfcheck.values import Base, Key, Opaque, Prior
from autograder.submissions import locate
from tests.autograder import toy
from tests.autograder.trials import trial

pytestmark = pytest.mark.usefixtures("shared_sandbox")

RIGHT = "def double(x):\n    print('seen')\n    return 2 * x"


@pytest.fixture
def explained(toy_course):
    """The explanation of a graded answer, and the course."""

    def explained_of(source: str) -> Explanation:
        toy.notebook(toy_course.submitted() / "ada" / "toy" / "toy.ipynb", source)
        grade.grade_class(toy_course, toy.TOY, locate.find([toy_course.submitted()], "toy"), Local(jobs=1))
        return explain.explain(toy_course, toy.TOY, toy.DOUBLE, "ada")

    return explained_of


def shown(explanation: Explanation) -> str:
    console = Console(width=200, record=True, file=None, quiet=False)
    with console.capture() as captured:
        console.print(explain.page(explanation))
    return captured.get()


def test_a_right_answer_is_right_in_every_case(explained):
    explanation = explained(RIGHT)

    assert all(evidence.trial.passed and not evidence.says for evidence in explanation.evidence)
    assert {evidence.printed for evidence in explanation.evidence} == {"seen"}
    assert explanation.fresh == explanation.stored
    page = shown(explanation)
    assert "ada: double, 5 of 5 points" in page
    assert "exactly the same verdict" in page
    assert page.count("✓") == 5
    assert "x = float32 (2,) [3., 4.]" in page  # also of hidden cases


def test_a_wrong_answer_is_shown_beside_the_right_one(explained):
    explanation = explained("def double(x):\n    return x * jnp.asarray([2, 3])")

    first = explanation.evidence[0]
    assert (first.trial.case, first.trial.visible, first.trial.passed) == ("one, two", True, False)
    assert first.arguments == ("x = float32 (2,) [1., 2.]",)
    assert first.returned.endswith("[2., 6.]")
    assert first.expected.endswith("[2., 4.]")
    assert first.misses == ("doubles: 4.88e+03 tolerances at [1]: 6 for 4, 0.00041 allowed",)
    assert "1 of 2 values are wrong" in first.says
    page = shown(explanation)
    assert "No known mistake explains it. Compared with: squared" in page
    assert "return x * jnp.asarray([2, 3])" in page


def test_a_known_mistake_is_named(explained):
    assert "The known mistake that explains everything: squared" in shown(explained("def double(x): return x**2"))


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("def double(x): raise ValueError('my words')", "double raised ValueError: my words"),
        (toy.SKELETON, "double is not written yet"),
        ("", "double is not defined: its cell defines no such name"),
    ],
)
def test_if_nothing_came_back_the_reason_is_shown(explained, source, says):
    explanation = explained(source)

    assert explanation.evidence[-1].returned.startswith(says)
    assert explanation.changed == (source != toy.SKELETON)
    assert ("unchanged since the release" in shown(explanation)) == (source == toy.SKELETON)


def test_follow_through_is_shown(toy_course, doubled_twice, monkeypatch):
    release = replace(toy.RELEASED, skeletons={**toy.RELEASED.skeletons, "quadruple": ""})
    monkeypatch.setattr("autograder.notebooks.released.read", lambda _: release)
    path = toy_course.submitted() / "ada" / "toy" / "toy.ipynb"
    toy.notebook(path, "def double(x): return x**2", "def quadruple(x): return double(double(x))")

    explanation = explain.explain(toy_course, doubled_twice, doubled_twice.exercises[1], "ada")

    assert explanation.fresh.follows == ("double",)
    page = shown(explanation)
    assert "ada: quadruple, 5 of 5 points" in page
    assert "✓ one, two, for “small”; right for the student's own double" in page
    assert "1., 16.]" in page  # the returned value is still shown beside the expected one
    assert "No known mistake" not in page


def test_partial_credit_is_shown(explained, toy_course):
    (toy_course.root / "course.toml").write_text("[partial_credit]\ntoy.double.squared = 0.3\n")

    explanation = explained("def double(x): return x**2")

    page = shown(explanation)
    assert "ada: double, 1.5 of 5 points" in page
    assert "The known mistake that explains everything: squared, worth 1.5 points" in page
    assert "exactly the same verdict" in page


def test_earlier_verdicts_are_listed(explained):
    explained(toy.SKELETON)

    page = shown(explained(RIGHT))

    assert "0 of 5 points" in page
    assert page.index("0 of 5 points") > page.index("Verdicts so far")


def test_a_missing_submission_is_reported(toy_course):
    with pytest.raises(ExplainError, match="bo has handed in nothing for toy"):
        explain.explain(toy_course, toy.TOY, toy.DOUBLE, "bo")


def test_an_unreadable_notebook_is_reported(toy_course):
    path = toy_course.submitted() / "ada" / "toy" / "toy.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text("{")

    with pytest.raises(ExplainError, match="the notebook of ada could not be read"):
        explain.explain(toy_course, toy.TOY, toy.DOUBLE, "ada")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.float64(1 / 3), "0.3333333"),
        (np.asarray(2), "2"),
        (np.arange(100), "int64 (100,) [ 0, 1, 2, ..., 97, 98, 99]"),
        (Key(3), "jax.random.key(3)"),
        (Opaque("list"), "of type list"),
        ({"a": np.asarray(1), "b": (np.asarray(True), "c")}, "{a: 1, b: (True, 'c')}"),
        (None, "None"),
        (7, "7"),
    ],
)
def test_values_in_few_words(value, words):
    assert explain.summarised(np.asarray(value) if isinstance(value, np.floating) else value) == words


def test_a_prior_in_few_words():
    prior = Prior(*(np.full(2, number) for number in range(5)))

    assert explain.summarised(prior).startswith("Prior(alpha=int64 (2,) [0, 0], loc=")
    assert explain.summarised(Base(400.0, 0.25, 2, 8.5)) == "Base(loc=400.0, count=0.25, shape=2, rate=8.5)"


B_RIGHT = "b: 0 tolerances: 10 for 10, 1 allowed"
B_WRONG = "b: 2 tolerances: 12 for 10, 1 allowed"
PAIR = Arrays((Part("a", "(N,)", Tolerance(0, 0.5)), Part("b", "()", Tolerance(0.1, 0))))


@pytest.mark.parametrize(
    ("value", "off"),
    [
        ((np.array([1.0, 2.0]), np.array(10.0)), ("a: 0 tolerances at [0]: 1 for 1, 0.5 allowed", B_RIGHT)),
        (
            (np.array([1.0, 3.0]), np.array(12.0)),
            ("a: 2 tolerances at [1]: 3 for 2, 0.5 allowed", B_WRONG),
        ),
        ((np.array([1.0, np.nan]), np.array(10.0)), ("a: inf tolerances at [1]: nan for 2, 0.5 allowed", B_RIGHT)),
        ((np.array([1.0]), np.array(10.0)), (B_RIGHT,)),
        (np.array(1.0), ()),
        ((Opaque("list"), np.array("x")), ()),
        (None, ()),
    ],
)
def test_how_far_off_in_tolerances(value, off):
    assert explain.misses(trial(PAIR, value, (np.array([1.0, 2.0]), np.array(10.0)))) == off
