"""A released cell that only shows something is run only if another cell depends on it."""

import ast

import pytest

from autograder.exercises import load
from autograder.notebooks import build, released
from autograder.notebooks.released import Released
from autograder.paths import ASSIGNMENTS
from autograder.submissions.cells import Cell, work
from autograder.submissions.demonstrations import unused

SHOWS = 'fit = fit_em(BENTOS)\nprint("weights", fit[0])'
GOES_ON = 'print("means", fit[1])'
DRAWS = 'show("puzzle")'
SETUP = 'import sys\n\nif "google.colab" in sys.modules:\n    %pip install -q jax\nfrom selfcheck import Checks'
RELEASED = Released(
    given={"setup": SETUP},
    skeletons={"fit_em": "def fit_em(x): ...", "bic": "def bic(x): ..."},
    checks={"check_fit_em": 'check("fit_em", fit_em)'},
    demonstrations=(SHOWS, GOES_ON, DRAWS),
)
ANSWER = "def fit_em(x):\n    fit = x[0], x[1]\n    return fit"


def run(*own: str) -> list[str]:
    """The demonstrations that run in a notebook with these cells of the student."""
    sources = [SETUP, *own, DRAWS, SHOWS, GOES_ON]
    skipped = unused(sources, RELEASED)
    return [
        source for place, source in enumerate(sources) if place not in skipped and source in RELEASED.demonstrations
    ]


def test_a_demonstration_that_nothing_depends_on_is_not_run():
    assert run(ANSWER) == []


@pytest.mark.parametrize(
    "own",
    [
        "print(fit[0])",
        "def bic(x):\n    return fit[0] + x",
        "bic = lambda x: fit[0]",
        "class Bic:\n    known = fit",
        "a = [w for w in fit]",
        "def bic(x):\n    def inner():\n        return fit\n    return inner()",
        "%matplotlib inline\nprint(fit)",
        "fit += (1,)",
        "del fit",
        "other = 1\ndel other, fit",
        "class Bic:\n    fit = fit",
        "await fit",
    ],
)
def test_it_runs_if_a_cell_of_the_student_uses_a_name_that_it_binds(own):
    assert run(ANSWER, own) == [SHOWS]


@pytest.mark.parametrize(
    "own",
    [
        "def bic(fit):\n    return fit[0]",
        "def bic(x):\n    fit = x\n    return fit",
        "bic = lambda fit: fit",
        "a = [fit for fit in range(3)]",
        "def bic(x):\n    return {fit: x for fit in range(3)}",
        "class Bic:\n    fit = 1",
        "def bic(x):\n    return x.fit(fit=1)",
        "%matplotlib inline\n%config InlineBackend.figure_format = 'svg'\n!pip install numpyro",
        "# fit\nprint('fit')",
        "print('\\d', 1 is 1)",
    ],
)
def test_a_name_of_the_same_spelling_is_not_a_use(own):
    assert run(ANSWER, own) == []


@pytest.mark.parametrize(
    "own",
    [
        "%%time\nfit_em(1)",
        "%timeit fit_em(1)",
        "%run other.py",
        "print(globals()['fit'])",
        "eval('fit')",
        "get_ipython().run_line_magic('who', '')",
        "def fit_em(x):\n    def inner():\n        global seen\n        seen = x\n    inner()",
        "def fit_em(x):\n    global seen\n    seen = x",
        "def broken(:",
        "x = " + "-" * 50_000 + "1",
        "x = 'a\0b'",
        "# long\n" * 10_000,
        "x = (\n",
    ],
)
def test_all_run_if_the_uses_are_unknown(own):
    assert run(own) == [DRAWS, SHOWS, GOES_ON]


def test_what_a_needed_demonstration_uses_is_run_too():
    released_cells = Released({}, {}, {}, demonstrations=("a = 1", "b = a", "c = b", "d = 4"))
    sources = ["a = 1", "b = a", "c = b", "d = 4", "print(c)"]

    assert unused(sources, released_cells) == {3}


def test_one_that_the_student_changed_is_the_students_own():
    changed = SHOWS.replace("BENTOS", "BENTOS[:5]")

    assert 2 not in unused([SETUP, ANSWER, changed, GOES_ON], RELEASED)


def test_programs_that_change_line_endings_do_not_make_it_the_students_own():
    assert unused([SETUP, ANSWER, SHOWS.replace("\n", "  \r\n\r\n")], RELEASED) == {2}


def test_exercises_are_still_judged_at_their_checks():
    cells = [
        Cell(source, name, number)
        for number, (source, name) in enumerate(
            [
                (SETUP, "setup"),
                (DRAWS, None),
                (ANSWER, "fit_em"),
                ('check("fit_em", fit_em)', "check_fit_em"),
                (SHOWS, None),
            ]
        )
    ]

    found = work(cells, RELEASED)

    assert [cell.source for cell in found.cells] == [SETUP, ANSWER]
    assert found.places["fit_em"] == (2,)


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_no_demonstration_changes_an_object_of_another_cell(name):
    """What it binds is all that another cell can depend on."""
    for source in released.read(build.source_notebook(load(name))).demonstrations:
        stored = [node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.Attribute, ast.Subscript))]
        assert not [ast.unparse(node) for node in stored if not isinstance(node.ctx, ast.Load)], source
