"""What a feedback page shows of a wrong answer: numbers and a picture of one public case, as the self-check does."""

import logging
import threading
from collections.abc import Sequence
from html import escape

import numpy as np

from autograder.student.selfcheck.diagnosis.differences import pairs_of
from autograder.student.selfcheck.display.plot import plot
from autograder.student.selfcheck.display.report import numbers_html
from autograder.student.selfcheck.display.table import table
from autograder.student.selfcheck.trial import Trial

logger = logging.getLogger(__name__)
_drawing = threading.Lock()  # matplotlib's settings are those of the whole process


def comparison(trials: Sequence[Trial]) -> str:
    """What came back beside what was expected, on the first public case of which it can be shown; empty if on none.

    Returns:
        An element of HTML that stands alone.
    """
    public = (trial for trial in trials if trial.visible and not trial.seeded)
    return next((shown for trial in public if trial.wrong and (shown := _shown(trial))), "")


def _shown(trial: Trial) -> str:
    try:
        with _drawing, np.errstate(all="ignore"):
            numbers, picture = table(pairs_of(trial)), plot([trial])
    except Exception:  # numbers may be of any size, which matplotlib cannot always draw: a picture is no mark
        logger.exception("no picture of the case %s", trial.case)
        return ""
    parts = (numbers_html(numbers, unfolded=True) if numbers else "", picture or "")
    return f"<p>{escape(trial.case)}:</p>{''.join(parts)}" if any(parts) else ""
