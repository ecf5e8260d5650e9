"""What helpers say is told where they can say it; their faults are logged."""

import logging

from autograder.student.selfcheck.display.aside import unless_it_fails


def half(number):
    return 1 / number


def test_what_a_helper_gives_is_passed_on(caplog):
    assert unless_it_fails(None, half, 2) == 0.5
    assert not caplog.records


def test_a_fault_is_logged_with_its_cause(caplog):
    assert unless_it_fails("nothing", half, 0) == "nothing"

    (record,) = caplog.records
    assert (record.levelno, record.getMessage()) == (logging.ERROR, "half failed; the result stands without it")
    assert "ZeroDivisionError" in (record.exc_text or "")
