"""The classification of statements. `test_submission` tests how cells run, through a sandbox."""

import ast

import pytest

from autograder.student.worker.shell import Capped, acts, bound, called, definitions, separate


def parsed(source: str) -> list[ast.stmt]:
    return ast.parse(source).body


@pytest.mark.parametrize(
    "statement",
    [
        "def f(): a[0] = 1",
        "import numpy as np",
        "a = 1",
        "a, b = f(x), 2",
        "print(a)",
        "display(f(x))",
        "a",
        "for i in range(3): b = i",
        "if a: import b",
    ],
)
def test_a_statement_that_names_values_does_not_act(statement):
    assert not any(map(acts, parsed(statement)))


@pytest.mark.parametrize(
    "statement",
    [
        "a[0] = 1",
        "a.b = 1",
        "del a[0]",
        "a += 1",
        "a.append(1)",
        "jax.config.update('jax_debug_nans', True)",
        "f()",
        "for i in range(3): a[i] = i",
        "with f() as a: a.write('b')",
        "if a:\n    try: b.clear()\n    finally: pass",
    ],
)
def test_a_statement_that_may_change_more_acts(statement):
    assert any(map(acts, parsed(statement)))


def test_imports_are_split():
    nodes = parsed("import a, b.c as d\nfrom e import f, g as h\nfrom i import *\nx = 1")

    assert [ast.unparse(node) for node in separate(nodes)] == [
        *("import a", "import b.c as d", "from e import f", "from e import g as h", "from i import *", "x = 1")
    ]
    assert [node.lineno for node in separate(nodes)] == [1, 1, 2, 2, 3, 4]


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("a = b = c", {"a", "b"}),
        ("(a, *b), c.d = e", {"a", "b"}),
        ("def f(x): y = 1", {"f"}),
        ("class A:\n    b = 1", {"A"}),
        ("import a.b, c as d", {"a", "d"}),
        ("from a import b as c", {"c"}),
        ("for i in x: y = i", {"i", "y"}),
        ("with a as b: pass", {"b"}),
        ("print(a)", set()),
    ],
)
def test_the_names_that_a_statement_binds(statement, names):
    assert set(bound(parsed(statement)[0])) == names


def test_the_names_that_a_statement_calls():
    assert called(parsed("try: check('a', f(g.h()))\nexcept: pass")[0]) == {"check", "f"}


def test_definitions_and_imports_can_be_run_again():
    chosen = definitions(parsed("import a\nx = 1\ndef f(): ...\nf()\nclass A: ...\nasync def g(): ..."))

    assert [type(node).__name__ for node in chosen] == ["Import", "FunctionDef", "ClassDef", "AsyncFunctionDef"]


def test_kept_text_is_capped():
    kept = Capped(5)
    assert [kept.write(text) for text in ("abc", "defg", "h")] == [3, 4, 1]
    assert kept.text() == "abcde"
