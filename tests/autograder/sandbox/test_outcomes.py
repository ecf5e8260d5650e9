"""Every reply of a student's process becomes a value, a known failure, or an error."""

from typing import Any

import numpy as np
import pytest

from autograder.sandbox.outcomes import Times, understood
from autograder.student.selfcheck.outcomes import MAX_TEXT, Failure, Returned
from autograder.student.selfcheck.values import Opaque
from autograder.student.worker import wire

OUTPUT = 20
TIMES = Times(cpu_seconds=3, wall_seconds=15)


def test_a_value_has_the_printed_output():
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
        # The student chose its name, which could contain the inputs of a hidden case.
        ({"kind": "raised", "type": "Saw498"}, "raised an exception", "raised Saw498"),
    ],
)
def test_the_summary_of_a_failure_has_nothing_that_student_code_chose(reply, summary, detail):
    error = "" if summary == "raised an exception" else summary.partition("raised ")[2]
    assert understood(reply, OUTPUT, TIMES) == Failure(reply["kind"], summary, detail, error=error)


def test_a_missing_library_lists_the_available_ones():
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


def test_text_is_cut_and_control_characters_are_replaced():
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
def test_any_other_reply_is_refused(reply: dict[str, Any]):
    with pytest.raises(wire.WireError):
        understood(reply, OUTPUT, TIMES)
