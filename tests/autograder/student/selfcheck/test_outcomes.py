"""The outcome of a call in the notebook's own process."""

import linecache

import pytest

from autograder.student.selfcheck.outcomes import MAX_TEXT, NOT_WRITTEN, Failure, Returned, outcome_of

CELL = "<ipython-input-1>"


def call(function, arguments):
    return function(*arguments)


def written(source: str):
    """The function `f` of a cell."""
    linecache.cache[CELL] = (len(source), None, source.splitlines(keepends=True), CELL)
    names = {}
    exec(compile(source, CELL, "exec"), names)
    return names["f"]


def test_a_value_has_the_time_of_its_call():
    outcome = outcome_of(call, lambda x: x + 1, (1,))

    assert isinstance(outcome, Returned)
    assert outcome.value == 2
    assert outcome.seconds >= 0


@pytest.mark.parametrize(
    ("body", "kind", "error", "summary", "detail"),
    [
        ("1 / x", "raised", "ZeroDivisionError", "raised ZeroDivisionError", "division by zero (at line 2: 1 / x)"),
        ("raise MemoryError", "memory", "MemoryError", "raised MemoryError", "MemoryError (at line 2: raise MemoryErr"),
        ("raise type('Saw', (Exception,), {})('5')", "raised", "", "raised an exception", "raised Saw: 5 (at line 2"),
        ("raise ValueError('RESOURCE_EXHAUSTED')", "memory", "ValueError", "raised ValueError", "RESOURCE_EXHAUSTED"),
        ("raise ValueError(7 * 'long ' * 999)", "raised", "ValueError", "raised ValueError", "long long"),
    ],
)
def test_an_exception_has_its_kind_and_its_line(body, kind, error, summary, detail):
    outcome = outcome_of(call, written(f"def f(x):\n    {body}\n"), (0,))

    assert isinstance(outcome, Failure)
    assert (outcome.kind, outcome.error, outcome.summary, outcome.fatal) == (kind, error, summary, False)
    assert detail in outcome.detail
    assert len(outcome.detail) < MAX_TEXT + 200


def test_an_exception_without_a_readable_message_is_a_failure():
    source = "class Bad(Exception):\n    def __str__(self): raise self\ndef f(x):\n    raise Bad\n"

    outcome = outcome_of(call, written(source), (0,))

    assert isinstance(outcome, Failure)
    assert outcome.detail == "raised Bad (at line 4: raise Bad)"


def test_a_skeleton_is_not_written():
    assert outcome_of(call, written("def f(x):\n    raise NotImplementedError\n"), (0,)) is NOT_WRITTEN
