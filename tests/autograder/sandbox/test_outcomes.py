"""A reply is a value or a known failure, whatever a process sends."""

from typing import Any

import numpy as np
import pytest

from autograder.sandbox.outcomes import Times, understood
from autograder.student.selfcheck.outcomes import MAX_TEXT, Failure, Returned
from autograder.student.selfcheck.values import Opaque
from autograder.student.worker import wire

OUTPUT = 20
TIMES = Times(cpu_seconds=3, wall_seconds=15)


def test_a_value_comes_with_what_was_printed():
    value = {"mu": np.arange(3.0), "more": (None, "text", Opaque("Thing"))}

    reply = understood({"value": value, "output": "x" * 30}, OUTPUT, TIMES)

    assert reply == Returned(value, "x" * OUTPUT)


@pytest.mark.parametrize(
    ("reply", "summary", "detail"),
    [
        ({"kind": "missing"}, "is not defined", "is not defined"),
        ({"kind": "not_implemented"}, "is not written yet", "is not written yet"),
        ({"kind": "not_callable", "type": "int"}, "is not a function", "is not a function but of type int"),
        (
            {"kind": "raised", "type": "ValueError", "text": "no", "where": "line 3"},
            "raised ValueError",
            "raised ValueError: no (at line 3)",
        ),
        ({"kind": "memory", "type": "MemoryError"}, "raised MemoryError", "raised MemoryError"),
        # Its name is the student's own, and could tell what it has seen.
        ({"kind": "raised", "type": "Saw498"}, "raised an exception", "raised Saw498"),
    ],
)
def test_a_failure_says_of_a_hidden_case_only_what_code_cannot_choose(reply, summary, detail):
    error = "" if summary == "raised an exception" else summary.partition("raised ")[2]
    assert understood(reply, OUTPUT, TIMES) == Failure(reply["kind"], summary, detail, error=error)


def test_who_imports_what_is_not_there_is_told_what_is():
    reply = {"kind": "raised", "type": "ModuleNotFoundError", "text": "No module named 'seaborn'", "where": "line 1"}

    failure = understood(reply, OUTPUT, TIMES, ("jax", "numpy"))

    assert failure == Failure(
        "raised",
        "raised ModuleNotFoundError",
        "raised ModuleNotFoundError: No module named 'seaborn' (at line 1); while grading you can import: jax, numpy",
        error="ModuleNotFoundError",
    )
    other = understood(reply | {"type": "ImportError"}, OUTPUT, TIMES, ("jax", "numpy"))
    assert isinstance(other, Failure)
    assert "while grading" not in other.detail


def test_text_is_cut_and_holds_no_control_characters():
    reply = understood({"kind": "raised", "type": "ValueError", "text": "\x1b[31m" + "x" * 10_000}, OUTPUT, TIMES)

    assert isinstance(reply, Failure)
    assert "\x1b" not in reply.detail
    assert len(reply.detail) < MAX_TEXT + 100


@pytest.mark.parametrize(
    "reply",
    [
        {},
        {"kind": "passed"},
        {"kind": np.zeros(3)},
        {"kind": "raised", "text": 3},
        {"value": 3},
        {"value": {3: np.zeros(1)}},
        {"value": (np.zeros(1), [1])},
        {"value": None, "output": b"bytes"},
    ],
    ids=str,
)
def test_anything_else_is_not_believed(reply: dict[str, Any]):
    with pytest.raises(wire.WireError):
        understood(reply, OUTPUT, TIMES)
