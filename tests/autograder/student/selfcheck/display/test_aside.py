"""The results of helpers are returned; their errors are logged."""

import logging

from autograder.student.selfcheck.display.aside import unless_it_fails


def half(number):
    return 1 / number


def test_the_result_of_a_helper_is_returned(caplog):
    assert unless_it_fails(None, half, 2) == 0.5
    assert not caplog.records


def test_an_error_of_a_helper_is_logged(caplog):
    assert unless_it_fails("nothing", half, 0) == "nothing"

    (record,) = caplog.records
    assert (record.levelno, record.getMessage()) == (logging.ERROR, "half failed; the result stands without it")
    assert "ZeroDivisionError" in (record.exc_text or "")
