"""What a feedback page shows of a wrong answer: numbers and a picture of one public case, as the self-check does."""

import logging
import threading
from collections.abc import Mapping
from html import escape

import numpy as np

from autograder.exercises import Exercise
from autograder.grading.diagnosis import answer
from autograder.student.selfcheck.answers import Answer
from autograder.student.selfcheck.diagnosis.differences import pairs_of
from autograder.student.selfcheck.display.plot import plot
from autograder.student.selfcheck.display.report import numbers_html
from autograder.student.selfcheck.display.table import table
from autograder.student.selfcheck.values import Plain

logger = logging.getLogger(__name__)
_drawing = threading.Lock()  # matplotlib's settings are those of the whole process


def comparison(exercise: Exercise, returned: Mapping[str, Plain]) -> str:
    """What came back beside what was expected, on the first public case of which it can be shown; empty if on none.

    Args:
        exercise: with its cases.
        returned: what the student's function returned, by the name of the case.

    Returns:
        An element of HTML that stands alone.
    """
    public = [case for case in exercise.cases if case.visible and not case.seeded and case.name in returned]
    answers = (answer(exercise, case, returned[case.name]) for case in public)
    return next((shown for one in answers if one.wrong and (shown := _shown(one))), "")


def _shown(one: Answer) -> str:
    try:
        with _drawing, np.errstate(all="ignore"):
            numbers, picture = table(pairs_of(one)), plot([one])
    except Exception:  # numbers may be of any size, which matplotlib cannot always draw: a picture is no mark
        logger.exception("no picture of the case %s", one.case)
        return ""
    parts = (numbers_html(numbers, unfolded=True) if numbers else "", picture or "")
    return f"<p>{escape(one.case)}:</p>{''.join(parts)}" if any(parts) else ""
