import numpy as np
import pytest

from autograder.student.selfcheck.diagnosis.hints import OF_ERRORS, closer_hints, helpful
from autograder.student.selfcheck.outcomes import NOT_WRITTEN, Failure, Returned, raised
from autograder.student.selfcheck.rules.arrays import Arrays, Part
from autograder.student.selfcheck.trial import Trial

RIGHT, WRONG, SHORT, SHORTER, TABLE = np.ones(3), np.zeros(3), np.ones(2), np.ones(1), np.ones((3, 1))
TYPE, VALUE, ODD = (
    raised("raised", error, "no", "line 1") for error in ("TypeError", "ValueError", "ZeroDivisionError")
)
CRASHED = Failure.same("crashed", "ended the process", fatal=True)


def trial(hint: str, came, closer: str = "") -> Trial:
    outcome = came if isinstance(came, Failure) else Returned(came)
    rule = Arrays((Part("resp", "(N,)"),))
    given = {"rule": rule, "arguments": {}, "outcome": outcome, "truth": lambda: RIGHT}
    return Trial(function="f", case="a", hint=hint, closer=closer, **given)


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        ({"Bayes": [SHORT], "float32": [SHORTER, SHORTER]}, ["Bayes"]),
        ({"Bayes": [ODD], "float32": [ODD]}, ["Bayes"]),
        ({"Bayes": [TYPE], "float32": [TYPE]}, [OF_ERRORS["TypeError"]]),
        ({"Bayes": [TYPE], "float32": [RIGHT]}, [OF_ERRORS["TypeError"]]),
        ({"Bayes": [TYPE], "float32": [VALUE]}, ["Bayes", "float32"]),
        ({"Bayes": [TYPE], "float32": [SHORT]}, ["Bayes", "float32"]),
        ({"Bayes": [SHORT], "float32": [TABLE]}, ["Bayes", "float32"]),
        ({"Bayes": [WRONG], "float32": [WRONG]}, ["Bayes", "float32"]),
        ({"Bayes": [CRASHED], "float32": [CRASHED]}, ["Bayes", "float32"]),
        ({"Bayes": [RIGHT], "float32": [SHORT]}, ["float32"]),
        ({"Bayes": [NOT_WRITTEN, WRONG], "float32": [RIGHT]}, ["Bayes"]),
        ({"Bayes": [NOT_WRITTEN], "float32": [NOT_WRITTEN]}, []),
        ({"Bayes": [RIGHT]}, []),
        ({}, []),
    ],
)
def test_hints_on_values_are_left_out_if_no_value_was_compared(came, shown):
    assert helpful([trial(hint, value) for hint, values in came.items() for value in values]) == shown


@pytest.mark.parametrize(
    ("came", "shown"),
    [
        ({"Sum.": [WRONG], "Logs.": [WRONG, WRONG]}, ["Sum.", "Logs."]),
        ({"Sum.": [WRONG], "": [WRONG]}, ["Sum."]),
        ({"": [SHORT], "Logs.": [SHORT]}, ["Logs."]),
        ({"Sum.": [SHORT], "Logs.": [SHORT]}, ["Sum."]),
        ({"Sum.": [RIGHT], "Logs.": [WRONG]}, ["Logs."]),
        ({"Sum.": [TYPE], "Logs.": [TYPE]}, []),
        ({"Sum.": [NOT_WRITTEN], "Logs.": [NOT_WRITTEN]}, []),
    ],
)
def test_closer_hints_are_those_of_what_was_lost(came, shown):
    assert closer_hints([trial("Think.", value, closer) for closer, each in came.items() for value in each]) == shown
